using System.Collections.Immutable;
using Orchestrator.Domain;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;
using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Grains;

/// <summary>The warm pool's grain in memory: the calls of the real one in the same order, without a runtime.</summary>
internal sealed class PoolActivation(VirtualWorld world)
    : Activation<PoolState>(world, "pool", world.Pools, new PoolState())
{
    public override TimeSpan? NextLook => null;

    public (ImmutableArray<LeaseGrant> Grants, Reason? Wait) Acquire(NodeRequest request)
    {
        var ticket = new PoolTicket(
            request.Job,
            request.Nodes,
            request.IsReplacement,
            request.SubmittedAt,
            new Reason("queued", "Just asked."));
        var plan = request.IsRelocation
            ? PoolDecisions.PlanRelocation(State, request.Job, request.Nodes, Snapshot())
            : PoolDecisions.Plan(State, ticket, Snapshot(), World.Limits, Now);
        Commit(plan.State);
        if (plan.Wait is { } wait)
        {
            World.Coverage.Saw(wait);
            if (State.Waiting is [var first, ..] && first.Job != request.Job)
            {
                CapacityChanged();
            }

            return ([], wait);
        }

        var grants = Grant(plan.Candidates, request);
        if (grants.Length == request.Nodes)
        {
            Commit(request.IsRelocation
                ? PoolDecisions.Leave(State, request.Job)
                : PoolDecisions.Serve(State, ticket, Now));
            CapacityChanged();
            return (grants, null);
        }

        GiveBack(grants, request.Job);
        var refusal = new Reason(
            "nodes_refused", $"Needs {request.Nodes} nodes at once; some that looked free refused the lease.");
        if (!request.IsRelocation)
        {
            Commit(PoolDecisions.Wait(State, ticket, refusal).State);
        }

        return ([], refusal);
    }

    public void Leave(string job)
    {
        Commit(PoolDecisions.Leave(State, job));
        CapacityChanged();
    }

    public void CapacityChanged()
    {
        if (State.Waiting is [var first, ..])
        {
            World.Mail.Post("nudge", first.Job, () => World.Job(first.Job).Call(job => job.Nudge()));
        }
    }

    public override void Tick()
    {
        // It has no timer: whoever waits asks again.
    }

    protected override void Stored(PoolState before, PoolState after) => World.Watch.PoolStored(before, after);

    /// <summary>The lists of the read model are as old as the newest write, or older.</summary>
    private NodeState[] Snapshot()
    {
        if (World.OldSnapshot is null || !World.Armed.Strikes(FaultKind.StaleRead))
        {
            World.OldSnapshot = World.Snapshot;
            World.Snapshot = [.. World.Nodes.All];
            return World.Snapshot;
        }

        return World.OldSnapshot;
    }

    private ImmutableArray<LeaseGrant> Grant(ImmutableArray<string> candidates, NodeRequest request)
    {
        var grants = ImmutableArray.CreateBuilder<LeaseGrant>(request.Nodes);
        foreach (var candidate in candidates)
        {
            if (grants.Count == request.Nodes)
            {
                break;
            }

            try
            {
                if (World.Node(candidate).Call(node => node.Grant(request.Job, request.Lease)) is { } grant)
                {
                    grants.Add(grant);
                }
            }
            catch (Exception error) when (error is CallFailedException or StorageFailedException)
            {
                // Whether it was granted is unknown: the node tells the job of it, which gives back what it did not
                // ask for.
                World.Note(error.Message);
            }
        }

        return grants.ToImmutable();
    }

    private void GiveBack(ImmutableArray<LeaseGrant> grants, string job)
    {
        foreach (var grant in grants)
        {
            World.Node(grant.Node).Call(node => node.Order(new NodeOrder
            {
                OperationId = $"{job}/lease-{grant.Number}/release",
                Job = job,
                LeaseNumber = grant.Number,
                Attempt = 0,
                Body = new ReleaseOrder(),
            }));
        }
    }
}
