using Orchestrator.Domain;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>Whatever waits says for what, and has a deadline where the life cycles ask for one.</summary>
internal sealed class EndedWaits(VirtualWorld world) : Checker(world)
{
    public override void NodeStored(in NodeChange change)
    {
        var after = change.After;
        if (!HasWords(after.Reason))
        {
            Fail($"{change.Name} is {after.Phase} without a reason.");
        }

        if (after.Phase is NodePhase.Lost or NodePhase.Retired or NodePhase.Joining
            && after.Lease is { Phase: not LeasePhase.Revoked })
        {
            Fail($"{change.Name} is {after.Phase} and keeps a live lease.");
        }

        var mayRest = after.Phase switch
        {
            NodePhase.Warm or NodePhase.Active => after.IsConnected,
            NodePhase.Assigned => after.IsConnected && after.Lease is { Phase: not LeasePhase.Granted },
            NodePhase.Retired => true,
            // A node that never attached waits from its next activation on.
            NodePhase.Joining => after.Name.Length == 0,
            _ => false,
        };
        if (!mayRest && after.Deadline is null)
        {
            Fail($"{change.Name} is {after.Phase} without a deadline.");
        }
    }

    public override void JobStored(in JobChange change)
    {
        var after = change.After;
        if (!HasWords(after.Reason))
        {
            Fail($"{change.Id} is {after.Phase} without a reason.");
        }

        var mayWait = after.Phase is JobPhase.Queued or JobPhase.Running or JobPhase.Replacing || after.Phase.IsEnded();
        if (!mayWait && after.Deadline is null)
        {
            Fail($"{change.Id} is {after.Phase} without a deadline.");
        }

        if (change.Before.Phase.IsEnded() && after.Phase != change.Before.Phase)
        {
            Fail($"{change.Id} had ended as {change.Before.Phase} and went on as {after.Phase}.");
        }
    }

    private static bool HasWords(Reason reason) => reason.Code.Length > 0 && reason.Sentence.Length > 0;
}
