using Orchestrator.Domain.Lifecycles;
using static Orchestrator.Domain.Leases.LeasePhase;
using static Orchestrator.Domain.Leases.LeaseTrigger;

namespace Orchestrator.Domain.Leases;

/// <summary>The life cycle of a lease. It begins with the grant and ends when its record is dropped.</summary>
public static class LeaseLifecycle
{
    /// <summary>Every allowed step and every deadline.</summary>
    public static readonly TransitionTable<LeasePhase, LeaseTrigger> Table = new(
        [
            new(Granted, LaunchOrdered, Launched, "the job's first launch on it"),
            new(Granted, ReleaseOrdered, Releasing, "the job does not need it"),
            new(Granted, NodeFailed, Revoked, "node lost or quarantined"),
            new(Launched, LaunchOrdered, Launched, "the next attempt on the same node"),
            new(Launched, ReleaseOrdered, Releasing, "the job is done with it"),
            new(Launched, NodeFailed, Revoked, "node lost or quarantined"),
            new(Revoked, NodeFailed, Revoked, "said again"),
        ],
        [
            new(Granted, "6 min", "its job is asked; without an answer it lapses, the node is Warm"),
            new(Launched, "as long as its job", "released, or revoked with its node"),
            new(Releasing, "until the agent confirms that no process is left", "dropped: the node is Warm"),
            new(Revoked, "until the job takes note", "dropped"),
        ]);
}
