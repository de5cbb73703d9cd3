using Grpc.Core;
using Orchestrator.Domain.Jobs;
using Orchestrator.Gateway.Mapping;
using Orchestrator.Grains.Jobs;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Control;

/// <summary>
/// Takes jobs in: checked by the rules, and their store by a host that would use it. A store that cannot be used is
/// found now, and not when the first checkpoint is lost.
/// </summary>
internal sealed class JobSubmission(IGrainFactory grains, SubmissionPlanner planner, StoreAsker stores)
{
    public async Task<Proto.SubmitJobReply> SubmitAsync(
        Proto.SubmitJobRequest request, CancellationToken cancellationToken)
    {
        var spec = (request.Spec ?? new Proto.JobSpec()).ToDomain();
        var problems = JobSpecCheck.Problems(spec);
        if (problems.Count > 0)
        {
            return request.DryRun
                ? new Proto.SubmitJobReply { Problems = { problems } }
                : throw new Domain.Reason("invalid_job", string.Join('\n', problems)).ToError();
        }

        var id = JobIds.Make(spec.Name, request.IdempotencyKey);
        if (!request.DryRun && request.IdempotencyKey.Length > 0
            && (await grains.GetGrain<IJobGrain>(id).Get()).Spec is { } first)
        {
            return Again(id, request.IdempotencyKey, first, spec);
        }

        var probe = spec.CheckpointStore.Length > 0
            ? await stores.ProbeAsync(spec.CheckpointStore, cancellationToken)
            : null;
        // All hosts use the store in the way that was found to work.
        var found = probe is { Fault: null } ? spec with { CheckpointStore = probe.Store } : spec;
        return request.DryRun
            ? await PlanAsync(found, probe, cancellationToken)
            : await SubmitAsync(id, request.IdempotencyKey, found, probe);
    }

    private async Task<Proto.SubmitJobReply> PlanAsync(
        JobSpec spec, StoreProbe? probe, CancellationToken cancellationToken) => probe is { Fault: not null }
            ? new Proto.SubmitJobReply { Problems = { $"checkpoint.store: {probe.Sentence} [{probe.Fault.Code}]" } }
            : new Proto.SubmitJobReply { Plan = await planner.PlanAsync(spec, cancellationToken) };

    private async Task<Proto.SubmitJobReply> SubmitAsync(string id, string key, JobSpec spec, StoreProbe? probe)
    {
        if (probe is { Fault: { } fault })
        {
            throw new Domain.Reason(fault.Code, probe.Sentence).ToError(StatusCode.InvalidArgument);
        }

        var job = grains.GetGrain<IJobGrain>(id);
        if (await job.Submit(spec) is { } refusal)
        {
            throw refusal.ToError();
        }

        return key.Length == 0
            ? new Proto.SubmitJobReply { JobId = id }
            : Again(id, key, (await job.Get()).Spec!, spec);
    }

    /// <summary>
    /// A repetition gives the first one's job; another job under the same key is a mistake, and must not be lost.
    /// </summary>
    private static Proto.SubmitJobReply Again(string id, string key, JobSpec first, JobSpec spec)
    {
        // What was found out about the store when it was submitted is no difference.
        var same = Place(first.CheckpointStore) == Place(spec.CheckpointStore)
            ? spec with { CheckpointStore = first.CheckpointStore }
            : spec;
        return first.ToProto().Equals(same.ToProto())
            ? new Proto.SubmitJobReply { JobId = id }
            : throw new Domain.Reason(
                "key_in_use",
                $"The key '{key}' was used for {id}, whose job differs from this one. Nothing was submitted; use "
                + "another key.").ToError();
    }

    private static string Place(string store) => JobSpecCheck.IsBucket(store) ? store.Split('?')[0] : store;
}
