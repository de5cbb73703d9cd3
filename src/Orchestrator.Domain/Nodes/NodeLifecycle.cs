using Orchestrator.Domain.Lifecycles;
using static Orchestrator.Domain.Nodes.NodePhase;
using static Orchestrator.Domain.Nodes.NodeTrigger;

namespace Orchestrator.Domain.Nodes;

/// <summary>The life cycle of a node.</summary>
public static class NodeLifecycle
{
    /// <summary>Every allowed step and every deadline.</summary>
    public static readonly TransitionTable<NodePhase, NodeTrigger> Table = new(
        [
            new(Joining, Attached, Validating, "the first hello"),
            new(Joining, DeadlinePassed, Retired, "it never attached"),
            new(Validating, ChecksPassed, Warm, "every check passed"),
            new(Validating, ChecksFailed, Quarantined, "a check failed"),
            new(Validating, DeadlinePassed, Quarantined, "the checks did not end"),
            new(Validating, Attached, Validating, "the agent started again"),
            new(Validating, ContactLost, Suspect, "stream broken or silent"),
            new(Validating, DeviceFailed, Quarantined, "fatal evidence about a GPU"),
            new(Warm, Leased, Assigned, "a job took it"),
            new(Warm, Attached, Validating, "the agent started again on a free host"),
            new(Warm, ContactLost, Suspect, "stream broken or silent"),
            new(Warm, DeviceFailed, Quarantined, "fatal evidence about a GPU"),
            new(Assigned, NodeTrigger.RankStarted, Active, "the first rank runs"),
            new(Assigned, Released, Warm, "the job gave it back, or never launched"),
            new(Assigned, ContactLost, Suspect, "stream broken or silent"),
            new(Assigned, DeviceFailed, Quarantined, "fatal evidence about a GPU"),
            new(Active, Released, Warm, "the job is done with it"),
            new(Active, ContactLost, Suspect, "stream broken or silent"),
            new(Active, DeviceFailed, Quarantined, "fatal evidence about a GPU"),
            new(Suspect, ContactRegained, Validating, "back, without a lease"),
            new(Suspect, ContactRegained, Assigned, "back, leased, no rank started"),
            new(Suspect, ContactRegained, Active, "back, its ranks adopted"),
            new(Suspect, Vouched, Active, "training advanced without contact"),
            new(Suspect, Released, Suspect, "the job gave it back meanwhile"),
            new(Suspect, Convicted, Lost, "a second witness"),
            new(Suspect, DeadlinePassed, Lost, "silent for the lease, the grace and 10 %"),
            new(Suspect, DeviceFailed, Quarantined, "fatal evidence about a GPU"),
            new(Active, Convicted, Lost, "vouched for before, now a witness against it"),
            new(Assigned, Convicted, Lost, "did not do what its lease asked"),
            new(Lost, Attached, Validating, "the host is back; old ranks are ended first"),
            new(Lost, Released, Lost, "the job took note"),
            new(Lost, DeadlinePassed, Retired, "it never came back"),
            new(Quarantined, Attached, Quarantined, "attaching does not heal"),
            new(Quarantined, Released, Quarantined, "the job took note"),
            new(Quarantined, DeviceFailed, Quarantined, "more evidence"),
            new(Quarantined, CordonLifted, Validating, "its owner lifted the last cordon"),
            new(Quarantined, CordonLifted, Assigned, "lifted while a job still holds it"),
            new(Quarantined, CordonLifted, Active, "lifted while a job still holds it"),
            new(Quarantined, DeadlinePassed, Repairing, "nobody decided otherwise"),
            new(Repairing, Released, Repairing, "the job took note"),
            new(Repairing, Attached, Repairing, "attaching does not heal"),
            new(Repairing, Repaired, Validating, "it attached with a new boot id"),
            new(Repairing, Repaired, Assigned, "booted anew while a job still holds it"),
            new(Repairing, Repaired, Active, "booted anew while a job still holds it"),
            new(Repairing, CordonLifted, Validating, "its owner lifted the last cordon"),
            new(Repairing, CordonLifted, Assigned, "lifted while a job still holds it"),
            new(Repairing, CordonLifted, Active, "lifted while a job still holds it"),
            new(Repairing, DeadlinePassed, Retired, "the repair did not end"),
            new(Retired, CordonLifted, Joining, "an operator brings it back"),
            new(Retired, CordonLifted, Validating, "brought back, and its agent is attached"),
            new(Retired, Attached, Validating, "the host is back"),
        ],
        [
            new(Joining, "7 days", "Retired"),
            new(Validating, "60 s, counted when its old job has taken note", "Quarantined"),
            new(Warm, "no limit: the resting state", "contact is watched"),
            new(Assigned, "6 min without a launch", "its job is asked; without an answer the lease lapses: Warm"),
            new(Active, "as long as its job", "contact is watched"),
            new(Suspect, "(lease + 2 s grace) × 1.1", "Lost"),
            new(Lost, "7 days", "Retired"),
            new(Quarantined, "1 h", "Repairing; a silent one loses its lease like a Suspect"),
            new(Repairing, "24 h", "Retired; a silent one loses its lease like a Suspect"),
            new(Retired, "no limit: the end", "an operator may bring it back"),
        ]);
}
