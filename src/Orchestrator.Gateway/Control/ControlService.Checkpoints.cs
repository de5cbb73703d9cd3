using Grpc.Core;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Gateway.Mapping;
using Orchestrator.Grains.Jobs;
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
}
