using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orchestrator.Domain;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;
using Orchestrator.Domain.Storage;
using Orchestrator.Grains.Jobs;
using Orchestrator.Grains.Nodes;
using Orchestrator.Grains.Silo;

namespace Orchestrator.Grains.Pools;

/// <summary>Carries the rules of <see cref="PoolDecisions"/>.</summary>
/// <remarks>Plans on a snapshot that may be stale; the node's own turn is where a lease is given or refused.</remarks>
[GrainType("warm-pool")]
internal sealed class WarmPoolGrain(
    [PersistentState(RecordKinds.Pool, RecordKinds.Provider)] IPersistentState<PoolState> record,
    IReadModel readModel,
    IChangeFeed feed,
    IOptions<FleetOptions> options)
    : RecordGrain<PoolState>(record, RecordKinds.Pool, feed), IWarmPoolGrain
{
    public async Task<AcquireResult> Acquire(AcquireRequest request)
    {
        var nodes = await readModel.ListAsync<NodeState>(RecordKinds.Node);
        var ticket = new PoolTicket(
            request.Job, request.Nodes, request.IsReplacement, request.SubmittedAt, new Reason("queued", "Just asked."));
        var plan = PoolDecisions.Plan(State, ticket, nodes, options.Value.Spares);
        await CommitAsync(plan.State);
        if (plan.Wait is { } wait)
        {
            return new AcquireResult([], wait);
        }

        var grants = await GrantAsync(plan.Candidates, request);
        if (grants.Length == request.Nodes)
        {
            await LeaveAsync(request.Job);
            return new AcquireResult(grants, null);
        }

        await GiveBackAsync(grants, request.Job);
        var refused = PoolDecisions.Wait(State, ticket, new Reason(
            "nodes_refused", $"Needs {request.Nodes} nodes at once; some that looked free refused the lease."));
        await CommitAsync(refused.State);
        return new AcquireResult([], refused.Wait);
    }

    public Task Leave(string job) => LeaveAsync(job);

    public async Task CapacityChanged()
    {
        if (!State.Waiting.IsEmpty)
        {
            await GrainFactory.GetGrain<IJobGrain>(State.Waiting[0].Job).Nudge();
        }
    }

    public Task<PoolState> Get() => Task.FromResult(State);

    private async Task LeaveAsync(string job)
    {
        await CommitAsync(PoolDecisions.Leave(State, job));
        await CapacityChanged();
    }

    private async Task<ImmutableArray<LeaseGrant>> GrantAsync(ImmutableArray<string> candidates, AcquireRequest request)
    {
        var grants = ImmutableArray.CreateBuilder<LeaseGrant>(request.Nodes);
        foreach (var candidate in candidates)
        {
            if (grants.Count == request.Nodes)
            {
                break;
            }

            var result = await GrainFactory.GetGrain<INodeGrain>(candidate).Grant(request.Job, request.Lease);
            if (result.Grant is { } grant)
            {
                grants.Add(grant);
            }
        }

        return grants.ToImmutable();
    }

    private async Task GiveBackAsync(ImmutableArray<LeaseGrant> grants, string job)
    {
        foreach (var grant in grants)
        {
            await GrainFactory.GetGrain<INodeGrain>(grant.Node).Order(new NodeOrder
            {
                OperationId = $"{job}/lease-{grant.Number}/release",
                Job = job,
                LeaseNumber = grant.Number,
                Attempt = int.MaxValue,
                Body = new ReleaseOrder(),
            });
        }
    }
}
