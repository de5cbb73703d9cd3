using Orchestrator.Protocol.V1;

namespace Orchestrator.Client;

public sealed partial class OrchestratorClient
{
    /// <summary>All nodes.</summary>
    /// <exception cref="OrchestratorException">The call failed.</exception>
    public async Task<IReadOnlyList<Node>> ListNodesAsync(CancellationToken cancellationToken = default)
    {
        var request = new ListNodesRequest();
        var reply = await CallAsync(o => _control.ListNodesAsync(request, o), cancellationToken).ConfigureAwait(false);
        return reply.Nodes;
    }

    /// <summary>One node as it stands, with its latest transitions.</summary>
    /// <exception cref="OrchestratorException">Also when there is no such node.</exception>
    public Task<Node> GetNodeAsync(string name, CancellationToken cancellationToken = default)
    {
        var request = new GetNodeRequest { Name = name };
        return CallAsync(o => _control.GetNodeAsync(request, o), cancellationToken);
    }

    /// <summary>
    /// Every node now, and a node again after each of its changes. Ends only by cancellation or failure.
    /// </summary>
    /// <exception cref="OrchestratorException">The control plane cannot be reached, or goes away.</exception>
    public IAsyncEnumerable<Node> WatchNodesAsync(CancellationToken cancellationToken = default)
    {
        var request = new ListNodesRequest();
        return StreamAsync(o => _control.WatchNodes(request, o), cancellationToken);
    }

    /// <summary>All warm pools, each with the jobs that wait for its nodes.</summary>
    /// <exception cref="OrchestratorException">The call failed.</exception>
    public async Task<IReadOnlyList<Pool>> ListPoolsAsync(CancellationToken cancellationToken = default)
    {
        var request = new ListPoolsRequest();
        var reply = await CallAsync(o => _control.ListPoolsAsync(request, o), cancellationToken).ConfigureAwait(false);
        return reply.Pools;
    }
}
