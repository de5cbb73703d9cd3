using Microsoft.Extensions.Options;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;
using Orchestrator.Domain.Storage;
using Orchestrator.Gateway.Mapping;
using Orchestrator.Grains.Pools;
using Orchestrator.Grains.Silo;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Control;

/// <summary>Says what would happen to a job submitted now, by the pool's own rules, and stores nothing.</summary>
internal sealed class SubmissionPlanner(
    IGrainFactory grains, IReadModel readModel, IOptions<FleetOptions> fleet, TimeProvider time)
{
    /// <summary>Stands for the id that the job would get; no id begins so.</summary>
    private const string NewJob = "(new)";

    public async Task<Proto.SubmitPlan> PlanAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        var nodes = await readModel.ListAsync<NodeState>(RecordKinds.Node, cancellationToken);
        var pool = await grains.GetGrain<IWarmPoolGrain>(WarmPools.Default).Get();
        var now = time.GetUtcNow();
        var ticket = new PoolTicket(
            NewJob, spec.Nodes, IsReplacement: false, now, new Domain.Reason("queued", "Just asked."));
        var plan = PoolDecisions.Plan(pool, ticket, nodes, fleet.Value.Limits, now);
        var reply = new Proto.SubmitPlan
        {
            Spec = spec.ToProto(),
            StartsNow = plan.Wait is null,
            Reason = (plan.Wait ?? new Domain.Reason(
                "nodes_free", $"Starts at once: {spec.Nodes} of {plan.Candidates.Length} free nodes are enough."))
                .ToProto(),
        };
        reply.Nodes.AddRange(plan.Candidates.Take(spec.Nodes));
        reply.Ahead.AddRange(pool.Waiting.Select(waiting => waiting.ToProto()));
        return reply;
    }
}
