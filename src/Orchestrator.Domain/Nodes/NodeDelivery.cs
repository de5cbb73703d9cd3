using Orchestrator.Domain.Leases;

namespace Orchestrator.Domain.Nodes;

/// <summary>What a node's record wants of its agent right now.</summary>
public static class NodeDelivery
{
    /// <summary>The order that the agent has not confirmed. Old remains are ended first.</summary>
    /// <param name="state">The record.</param>
    /// <returns>Null when nothing is due.</returns>
    public static NodeOrder? Due(NodeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.Remains.IsEmpty)
        {
            var remainder = state.Remains[0];
            return new NodeOrder
            {
                OperationId = NodeObservations.RemainsOperation(state, remainder.Job),
                Job = remainder.Job,
                LeaseNumber = state.LeaseNumber,
                Attempt = remainder.Attempt,
                Body = new ReleaseOrder(),
            };
        }

        return state.Lease is { Order: { } order, IsOrderConfirmed: false, Phase: not LeasePhase.Revoked }
            ? order
            : null;
    }
}
