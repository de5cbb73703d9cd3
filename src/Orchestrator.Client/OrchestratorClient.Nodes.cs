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

    /// <summary>Keeps new work from a node, until it is resumed. Repeating it changes nothing, and says so.</summary>
    /// <param name="name">The node.</param>
    /// <param name="reason">Why: one line of at most 200 letters.</param>
    /// <param name="now">
    /// Moves a job that runs on the node as soon as another node is free. Default: the job keeps the node until it
    /// ends, or is launched anew for another reason.
    /// </param>
    /// <param name="owner">Who drains, and alone may resume; null: "operator".</param>
    /// <param name="cancellationToken">Gives the call up; the node may have been drained nevertheless.</param>
    /// <returns>The node after it, and whether anything changed.</returns>
    /// <exception cref="OrchestratorException">Also when there is no such node.</exception>
    public Task<DrainNodeReply> DrainNodeAsync(
        string name,
        string reason,
        bool now = false,
        string? owner = null,
        CancellationToken cancellationToken = default)
    {
        var request = new DrainNodeRequest { Name = name, Reason = reason, Now = now, Owner = owner ?? "" };
        return CallAsync(o => _control.DrainNodeAsync(request, o), cancellationToken);
    }

    /// <summary>Gives a drained node back to work. Repeating it changes nothing, and says so.</summary>
    /// <param name="name">The node.</param>
    /// <param name="reason">Why: one line of at most 200 letters.</param>
    /// <param name="force">
    /// Also lifts Orchestrator's own cordon, whatever it was set for. Default: it stays, and where it is the only one
    /// the request is refused.
    /// </param>
    /// <param name="owner">Whose cordon to lift; null: "operator".</param>
    /// <param name="cancellationToken">Gives the call up; the node may have been resumed nevertheless.</param>
    /// <returns>The node after it, with the cordons that are left, and whether anything changed.</returns>
    /// <exception cref="OrchestratorException">
    /// Also when there is no such node, or only others have cordons on it.
    /// </exception>
    public Task<ResumeNodeReply> ResumeNodeAsync(
        string name,
        string reason,
        bool force = false,
        string? owner = null,
        CancellationToken cancellationToken = default)
    {
        var request = new ResumeNodeRequest { Name = name, Reason = reason, Force = force, Owner = owner ?? "" };
        return CallAsync(o => _control.ResumeNodeAsync(request, o), cancellationToken);
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
