using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;

namespace Orchestrator.Domain.Tests.Nodes;

/// <summary>What must hold of every change of a node's record.</summary>
internal static class NodeRules
{
    public static void Check(NodeState before, NodeState after)
    {
        after.LeaseNumber.ShouldBeGreaterThanOrEqualTo(before.LeaseNumber, "the lease number fell");
        after.SessionNumber.ShouldBeGreaterThanOrEqualTo(before.SessionNumber, "the session number fell");
        after.History.Length.ShouldBeLessThanOrEqualTo(Limits.NodeHistory);
        Leasing(before, after);
        Ends(after);
        if (after.Lease is { } lease && before.Lease is { } known && lease.Number == known.Number)
        {
            lease.Attempt.ShouldBeGreaterThanOrEqualTo(known.Attempt, "the attempt fell");
            lease.StoppedAttempt.ShouldBeGreaterThanOrEqualTo(known.StoppedAttempt);
            lease.NewsVersion.ShouldBeGreaterThanOrEqualTo(known.NewsVersion);
        }
    }

    /// <summary>Only a free, healthy, connected node is leased, and always under a new number.</summary>
    private static void Leasing(NodeState before, NodeState after)
    {
        if (after.Lease is not { } lease || lease.Number == before.Lease?.Number)
        {
            return;
        }

        before.IsAvailable.ShouldBeTrue($"{before.Phase} was leased");
        before.Phase.ShouldBe(NodePhase.Warm);
        before.Cordons.ShouldBeEmpty();
        lease.Number.ShouldBe(before.LeaseNumber + 1);
    }

    /// <summary>No state is a dead end: a deadline, or the documented reason why there is none.</summary>
    private static void Ends(NodeState after)
    {
        if (after.Phase is NodePhase.Lost or NodePhase.Retired or NodePhase.Joining)
        {
            (after.Lease is null or { Phase: LeasePhase.Revoked }).ShouldBeTrue($"{after.Phase} keeps a live lease");
        }

        if (after.Lease is { Phase: not LeasePhase.Revoked } && !after.IsConnected)
        {
            after.Deadline.ShouldNotBeNull($"{after.Phase} is silent, leased, and waits for ever");
        }

        var mayRest = after.Phase switch
        {
            NodePhase.Warm => after.IsConnected,
            NodePhase.Assigned => after.IsConnected && after.Lease is { Phase: not LeasePhase.Granted },
            NodePhase.Active => after.IsConnected,
            NodePhase.Retired => true,
            NodePhase.Joining => after.Name.Length == 0,
            _ => false,
        };
        (mayRest || after.Deadline is not null).ShouldBeTrue($"{after.Phase} has no deadline");
    }
}
