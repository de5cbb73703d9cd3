using System.Collections.Immutable;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>A warm pool's grain: the same calls in the same order, without a runtime.</summary>
internal sealed class VirtualPool(VirtualFleet fleet)
{
    public PoolState State { get; private set; } = new();

    /// <summary>The next answer gets lost after the leases were given.</summary>
    public bool LosesNextAnswer { get; set; }

    public (ImmutableArray<LeaseGrant> Grants, Reason? Wait) Acquire(JobState job, int needed)
    {
        var ticket = new PoolTicket(
            job.Id, needed, job.Phase == JobPhase.Replacing, job.SubmittedAt, new Reason("queued", "Just asked."));
        NodeState[] nodes = [.. fleet.Nodes.Select(node => node.State)];
        var plan = job.Phase == JobPhase.Running
            ? PoolDecisions.PlanRelocation(State, job.Id, needed, nodes)
            : PoolDecisions.Plan(State, ticket, nodes, spares: 0);
        State = plan.State;
        if (plan.Wait is { } wait)
        {
            return ([], wait);
        }

        var grants = plan.Candidates.Take(needed)
            .Select(candidate => fleet.Node(candidate).Grant(job.Id, job.Spec!.Lease)).OfType<LeaseGrant>()
            .ToImmutableArray();
        Leave(job.Id);
        return (grants, null);
    }

    public void Leave(string job)
    {
        State = PoolDecisions.Leave(State, job);
        fleet.Mail.Post(CapacityChanged);
    }

    public void CapacityChanged()
    {
        if (State.Waiting is [var first, ..])
        {
            fleet.Job(first.Job).Nudge();
        }
    }
}
