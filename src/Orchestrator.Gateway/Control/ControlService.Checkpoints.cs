using Grpc.Core;
using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Gateway.Mapping;
using Orchestrator.Grains.Jobs;
using Orchestrator.Grains.Nodes;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Control;

/// <summary>Checkpoints: what there is, and what people do with it.</summary>
internal sealed partial class ControlService
{
    public override async Task<Proto.ListCheckpointsReply> ListCheckpoints(
        Proto.ListCheckpointsRequest request, ServerCallContext context) =>
        (await FindJobAsync(request.JobId)).ToCheckpoints();

    public override async Task<Proto.ResumeJobReply> ResumeJob(
        Proto.ResumeJobRequest request, ServerCallContext context)
    {
        await FindJobAsync(request.JobId);
        var asked = new RewindRequest((long)request.Step)
        {
            Attempt = (int)request.Attempt,
            Owner = request.Owner.Length > 0 ? request.Owner : Cordon.Operators,
            Why = request.Reason,
        };
        var result = await grains.GetGrain<IJobGrain>(request.JobId).ResumeFrom(asked);
        return result.Refusal is { } refusal
            ? throw refusal.ToError()
            : new Proto.ResumeJobReply { Phase = result.Phase.ToProto(), Changed = result.IsChanged };
    }

    public override async Task<Proto.PruneCheckpointsReply> PruneCheckpoints(
        Proto.PruneCheckpointsRequest request, ServerCallContext context)
    {
        await FindJobAsync(request.JobId);
        var keep = (int)Math.Min(request.Keep, int.MaxValue);
        var result = await grains.GetGrain<IJobGrain>(request.JobId).Prune(keep);
        return result.Refusal is { } refusal
            ? throw refusal.ToError()
            : new Proto.PruneCheckpointsReply
            {
                ForgottenSteps = { result.Forgotten.Select(step => (ulong)step) },
                KeptSteps = { result.Kept.Select(step => (ulong)step) },
            };
    }

    public override async Task VerifyCheckpoint(
        Proto.VerifyCheckpointRequest request,
        IServerStreamWriter<Proto.CheckpointWork> responseStream,
        ServerCallContext context)
    {
        var job = await FindJobAsync(request.JobId);
        var manifest = Chosen(job, request.HasStep ? (long)request.Step : null);
        var host = await stores.FindAsync(
            preferred: job.Gang.IsEmpty ? null : job.Gang[0].Node, except: null, context.CancellationToken)
            ?? throw new Domain.Reason(
                "no_agent", "No agent is in contact, and a host has to read the checkpoint.").ToError();
        // An ended job's hosts may have deleted their copies already, which would be no news.
        var isInMemory = !job.Phase.IsEnded() && job.Checkpoints.IsInMemory(manifest);
        var question = new StoreQuestion(StoreTask.Verify, job.Spec!.CheckpointStore)
        {
            Manifest = isInMemory ? manifest : manifest.InStore(),
        };
        await WorkAsync(host, question, responseStream, context.CancellationToken);
    }

    public override async Task RestoreCheckpoint(
        Proto.RestoreCheckpointRequest request,
        IServerStreamWriter<Proto.CheckpointWork> responseStream,
        ServerCallContext context)
    {
        var job = await FindJobAsync(request.JobId);
        var manifest = Chosen(job, request.HasStep ? (long)request.Step : null);
        var node = await nodeViews.FindAsync(request.Node, context.CancellationToken);
        var connection = await node.FindConnection() ?? throw new Domain.Reason(
            "node_not_connected", $"The agent of {request.Node} is not connected, and could not write.").ToError();
        var question = new StoreQuestion(StoreTask.Restore, job.Spec!.CheckpointStore)
        {
            Manifest = manifest,
            Folder = request.Folder,
        };
        await WorkAsync(
            new StoreHost(request.Node, connection), question, responseStream, context.CancellationToken);
    }

    private Task WorkAsync(
        StoreHost host,
        StoreQuestion question,
        IServerStreamWriter<Proto.CheckpointWork> stream,
        CancellationToken cancellationToken) => stores.AskAsync(
            host,
            question,
            part => part.Fault is { } fault ? throw fault.ToError() : stream.WriteAsync(
                part.ToWork(host.Node, question.Manifest!), cancellationToken),
            cancellationToken);

    private static CheckpointManifest Chosen(JobState job, long? step)
    {
        var all = job.Checkpoints.Committed;
        var chosen = step is null ? job.Checkpoints.Newest : all.FirstOrDefault(manifest => manifest.Step == step);
        return chosen ?? throw new Domain.Reason(
            "no_such_checkpoint",
            all.IsEmpty
                ? $"{job.Id} has no checkpoint that is whole and verified."
                : $"{job.Id} has no checkpoint of step {step}; it has those of steps "
                    + $"{string.Join(", ", all.Select(manifest => manifest.Step))}.").ToError();
    }
}
