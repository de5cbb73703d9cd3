using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
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
    IOptions<FleetOptions> options,
    TimeProvider time,
    ILogger<WarmPoolGrain> logger)
    : RecordGrain<PoolState>(record, RecordKinds.Pool, feed), IWarmPoolGrain
{
    public async Task<AcquireResult> Acquire(AcquireRequest request)
    {
        var nodes = await readModel.ListAsync<NodeState>(RecordKinds.Node);
        var ticket = new PoolTicket(
            request.Job,
            request.Nodes,
            request.IsReplacement,
            request.SubmittedAt,
            new Reason("queued", "Just asked."));
        var plan = request.IsRelocation
            ? PoolDecisions.PlanRelocation(State, request.Job, request.Nodes, nodes)
            : PoolDecisions.Plan(State, ticket, nodes, options.Value.Limits, time.GetUtcNow());
        await CommitAsync(plan.State);
        if (plan.Wait is { } wait)
        {
            if (State.Waiting is [var first, ..] && first.Job != request.Job)
            {
                // Whoever is ahead may have ended without a word; asked, it leaves the queue.
                await CapacityChanged();
            }

            return new AcquireResult([], wait);
        }

        var grants = await GrantAsync(plan.Candidates, request);
        if (grants.Length == request.Nodes)
        {
            await CommitAsync(request.IsRelocation
                ? PoolDecisions.Leave(State, request.Job)
                : PoolDecisions.Serve(State, ticket, time.GetUtcNow()));
            await CapacityChanged();
            return new AcquireResult(grants, null);
        }

        await GiveBackAsync(grants, request.Job);
        var refusal = new Reason(
            "nodes_refused", $"Needs {request.Nodes} nodes at once; some that looked free refused the lease.");
        if (!request.IsRelocation)
        {
            await CommitAsync(PoolDecisions.Wait(State, ticket, refusal).State);
        }

        return new AcquireResult([], refusal);
    }

    public async Task Leave(string job)
    {
        await CommitAsync(PoolDecisions.Leave(State, job));
        await CapacityChanged();
    }

    public async Task CapacityChanged()
    {
        if (!State.Waiting.IsEmpty)
        {
            await GrainFactory.GetGrain<IJobGrain>(State.Waiting[0].Job).Nudge();
        }
    }

    public Task<PoolState> Get() => Task.FromResult(State);

    private async Task<ImmutableArray<LeaseGrant>> GrantAsync(ImmutableArray<string> candidates, AcquireRequest request)
    {
        var grants = new List<LeaseGrant>(request.Nodes);
        var untried = new Queue<string>(candidates);
        while (grants.Count < request.Nodes && untried.Count > 0)
        {
            var tried = Enumerable.Range(0, Math.Min(request.Nodes - grants.Count, untried.Count))
                .Select(_ => untried.Dequeue()).ToArray();
            grants.AddRange((await Task.WhenAll(tried.Select(node => GrantAsync(node, request)))).OfType<LeaseGrant>());
        }

        return [.. grants.OrderBy(grant => candidates.IndexOf(grant.Node))];
    }

    private async Task<LeaseGrant?> GrantAsync(string node, AcquireRequest request)
    {
        try
        {
            return (await GrainFactory.GetGrain<INodeGrain>(node).Grant(request.Job, request.Lease)).Grant;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whether it was granted is unknown. The node tells the job of it, and the job gives back what it did
            // not ask for.
            logger.LogWarning(error, "{Node}: no answer to a request for a lease for {Job}", node, request.Job);
            return null;
        }
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
                // Nothing was ordered under this lease; a higher number would end attempts that are still to come.
                Attempt = 0,
                Body = new ReleaseOrder(),
            });
        }
    }
}
