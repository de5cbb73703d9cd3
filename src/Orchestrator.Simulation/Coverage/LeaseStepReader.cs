using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Checkers;
using Orchestrator.Simulation.Grains;

namespace Orchestrator.Simulation.Coverage;

/// <summary>Which row of the lease's life cycle a stored change of its node took.</summary>
internal static class LeaseStepReader
{
    public static (LeasePhase From, LeaseTrigger Trigger, LeasePhase To)? Read(in NodeChange change)
    {
        var (before, after) = (change.Before.Lease, change.After.Lease);
        if (before is null || after is null || before.Number != after.Number || ReferenceEquals(before, after))
        {
            return null;
        }

        LeaseTrigger? trigger = after.Phase switch
        {
            LeasePhase.Launched when after.Order?.OperationId != before.Order?.OperationId
                && after.Order?.Body is LaunchOrder => LeaseTrigger.LaunchOrdered,
            LeasePhase.Releasing when before.Phase != LeasePhase.Releasing => LeaseTrigger.ReleaseOrdered,
            LeasePhase.Revoked when before.Phase != LeasePhase.Revoked => LeaseTrigger.NodeFailed,
            LeasePhase.Revoked when change.Call == NodeCall.Tick && change.Before.Phase == NodePhase.Suspect
                && change.After.Phase == NodePhase.Lost => LeaseTrigger.NodeFailed,
            _ when after.Phase != before.Phase => LeaseTrigger.LaunchOrdered,
            _ => null,
        };
        return trigger is { } taken ? (before.Phase, taken, after.Phase) : null;
    }
}
