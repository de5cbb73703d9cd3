using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Storage;
using Orchestrator.Gateway.Mapping;
using Orchestrator.Grains.Jobs;
using Orchestrator.Grains.Nodes;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Control;

/// <summary>Nodes as the control API shows them: a node that is drained says what that waits for.</summary>
internal sealed class NodeViews(IGrainFactory grains, IReadModel readModel)
{
    public async Task<IReadOnlyList<Proto.Node>> ListAsync(CancellationToken cancellationToken)
    {
        var nodes = await readModel.ListAsync<NodeState>(RecordKinds.Node, cancellationToken);
        var jobs = nodes.Any(node => MovedJob(node) is not null)
            ? await readModel.ListAsync<JobState>(RecordKinds.Job, cancellationToken)
            : [];
        return
        [
            .. nodes.OrderBy(node => node.Name.Length).ThenBy(node => node.Name, StringComparer.Ordinal)
                .Select(node => node.ToProto(jobs.FirstOrDefault(job => job.Id == MovedJob(node)))),
        ];
    }

    /// <summary>One node, straight from its grain.</summary>
    /// <exception cref="Grpc.Core.RpcException">There is no such node.</exception>
    public async Task<Proto.Node> GetAsync(string name, CancellationToken cancellationToken)
    {
        var state = await (await FindAsync(name, cancellationToken)).Get();
        var job = MovedJob(state) is { } id ? await grains.GetGrain<IJobGrain>(id).Get() : null;
        return state.ToProto(job);
    }

    /// <summary>The grain of a node that exists: to ask for another one would bring it into being.</summary>
    /// <exception cref="Grpc.Core.RpcException">There is no such node.</exception>
    public async Task<INodeGrain> FindAsync(string name, CancellationToken cancellationToken)
    {
        var nodes = await readModel.ListAsync<NodeState>(RecordKinds.Node, cancellationToken);
        return nodes.Any(node => node.Name == name)
            ? grains.GetGrain<INodeGrain>(name)
            : throw new Domain.Reason(
                "no_such_node", $"No node '{name}'. `orch nodes` lists {nodes.Count}.").ToError();
    }

    private static string? MovedJob(NodeState node) =>
        node.Lease is { } lease && NodeDrain.CordonOf(node) is { MovesJob: true } ? lease.Job : null;
}
