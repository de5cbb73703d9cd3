using Grpc.Core;
using Orchestrator.Domain.Nodes;
using Orchestrator.Grains.Nodes;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Control;

/// <summary>Nodes: what they do, and people's word on whether they take work.</summary>
internal sealed partial class ControlService
{
    public override async Task<Proto.ListNodesReply> ListNodes(
        Proto.ListNodesRequest request, ServerCallContext context) =>
        new() { Nodes = { await nodeViews.ListAsync(context.CancellationToken) } };

    public override Task<Proto.Node> GetNode(Proto.GetNodeRequest request, ServerCallContext context) =>
        nodeViews.GetAsync(request.Name, context.CancellationToken);

    public override Task WatchNodes(
        Proto.ListNodesRequest request, IServerStreamWriter<Proto.Node> responseStream, ServerCallContext context) =>
        watches.NodesAsync(responseStream, context.CancellationToken);

    public override async Task<Proto.DrainNodeReply> DrainNode(
        Proto.DrainNodeRequest request, ServerCallContext context)
    {
        var node = await nodeViews.FindAsync(request.Name, context.CancellationToken);
        var result = Accepted(await node.Drain(Owner(request.Owner), request.Reason, request.Now));
        var view = await nodeViews.GetAsync(request.Name, context.CancellationToken);
        return new Proto.DrainNodeReply { Changed = result.IsChanged, Node = view };
    }

    public override async Task<Proto.ResumeNodeReply> ResumeNode(
        Proto.ResumeNodeRequest request, ServerCallContext context)
    {
        var node = await nodeViews.FindAsync(request.Name, context.CancellationToken);
        var result = Accepted(await node.Resume(Owner(request.Owner), request.Reason, request.Force));
        var view = await nodeViews.GetAsync(request.Name, context.CancellationToken);
        return new Proto.ResumeNodeReply { Changed = result.IsChanged, Node = view };
    }

    private static string Owner(string given) => given.Length > 0 ? given : Cordon.Operators;

    private static CordonResult Accepted(CordonResult result) =>
        result.Refusal is { } refusal ? throw refusal.ToError() : result;
}
