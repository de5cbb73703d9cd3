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
        if (state.Remains is [var remains, ..])
        {
            return new NodeOrder
            {
                OperationId = $"{remains.Job}/remains/{state.SessionNumber}-{remains.Attempt}",
                Job = remains.Job,
                LeaseNumber = state.LeaseNumber,
                Attempt = remains.Attempt,
                Body = new ReleaseOrder(),
            };
        }

        return state.Lease is { Order: { } order, IsOrderConfirmed: false, Phase: not LeasePhase.Revoked }
            ? order
            : null;
    }
}
