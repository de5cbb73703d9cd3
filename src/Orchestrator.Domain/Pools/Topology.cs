using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;

namespace Orchestrator.Domain.Pools;

/// <summary>Which of several nodes is nearest to a gang.</summary>
public static class Topology
{
    /// <summary>The label that names a node's rack: hosts of one rack share its switch.</summary>
    public const string RackLabel = "rack";

    /// <summary>Orders free nodes: those in the rack of most of the job's nodes first, then by name.</summary>
    /// <param name="free">The nodes to choose from.</param>
    /// <param name="job">The job.</param>
    /// <param name="nodes">All nodes: those that the job holds, and that take work, say where it is.</param>
    /// <returns>The same nodes, best first.</returns>
    public static IEnumerable<NodeState> NearestFirst(
        IEnumerable<NodeState> free, string job, IEnumerable<NodeState> nodes)
    {
        var rack = nodes
            .Where(node => node.Cordons.IsEmpty && node.Lease is { Phase: not LeasePhase.Revoked } lease
                && lease.Job == job)
            .Select(Rack).OfType<string>()
            .CountBy(name => name)
            .OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal)
            .Select(count => count.Key).FirstOrDefault();
        return free.OrderByDescending(node => rack is not null && Rack(node) == rack)
            .ThenBy(node => node.Name, StringComparer.Ordinal);
    }

    /// <summary>The rack of a node; null where its operator names none.</summary>
    internal static string? Rack(NodeState node) => node.Labels.GetValueOrDefault(RackLabel);
}
