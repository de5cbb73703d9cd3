using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Pools;
using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Nodes;

/// <summary>The rules of leases and orders: the one place that says who may use a node.</summary>
public static class NodeLeasing
{
    /// <summary>A job asks for the node.</summary>
    /// <param name="state">The record.</param>
    /// <param name="job">The job.</param>
    /// <param name="duration">How long its ranks live without a renewal.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record with the lease, or why not.</returns>
    public static Decision<NodeState> Grant(NodeState state, string job, TimeSpan duration, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.IsAvailable)
        {
            return new(state, new Reason("node_unavailable", Unavailable(state)));
        }

        var number = state.LeaseNumber + 1;
        var leased = state with
        {
            LeaseNumber = number,
            Lease = new Lease { Job = job, Number = number, Duration = duration, NewsAt = now },
        };
        return leased.Move(
            NodeTrigger.Leased, NodePhase.Assigned, new Reason("leased", $"Leased to {job}."), now);
    }

    /// <summary>What a job is told of the lease that it was just granted.</summary>
    /// <param name="state">The record, with the lease.</param>
    /// <returns>The grant.</returns>
    public static LeaseGrant GrantOf(NodeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new(state.Name, state.LeaseNumber, state.Address)
        {
            ShardAddress = state.ShardAddress,
            Rack = Topology.Rack(state),
        };
    }

    /// <summary>A job orders something under its lease.</summary>
    /// <param name="state">The record.</param>
    /// <param name="order">The order.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record with the order pending (the same reference for a repeated one), or a refusal.</returns>
    public static Decision<NodeState> Order(NodeState state, NodeOrder order, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(order);
        if (Refuse(state, order) is { } refusal)
        {
            return new(state, refusal);
        }

        var lease = state.Lease!;
        // What is given back is not given back again, under whatever name.
        if (lease.Order?.OperationId == order.OperationId || lease.Phase == LeasePhase.Releasing)
        {
            return state;
        }

        // Only a job's activation that was overtaken prepares what is launched. The launch that follows would take the
        // place of what is known of the ranks, and an agent that has told of their end does not do so again.
        if (order.Body is PrepareOrder && lease.Ranks.Any(rank => rank.Attempt == order.Attempt))
        {
            return state;
        }

        if (lease.Phase == LeasePhase.Revoked)
        {
            return End(state, now);
        }

        var ordered = lease with
        {
            Order = order,
            IsOrderConfirmed = false,
            OrderRefusal = null,
            Attempt = order.Attempt,
        };
        var taken = state with { Lease = WithBody(ordered, order) };
        return taken is { Phase: NodePhase.Assigned, IsConnected: true } ? taken.Arm(now) : taken;
    }

    /// <summary>The job has stored what a report told it.</summary>
    /// <param name="state">The record.</param>
    /// <param name="leaseNumber">The lease.</param>
    /// <param name="version">The report's version.</param>
    /// <returns>The record after it.</returns>
    public static NodeState Acknowledge(NodeState state, long leaseNumber, long version)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Lease is not { } lease || lease.Number != leaseNumber || version <= lease.AcknowledgedVersion)
        {
            return state;
        }

        var shards = version == lease.NewsVersion ? [] : lease.Shards;
        return state with { Lease = lease with { AcknowledgedVersion = version, Shards = shards } };
    }

    /// <summary>What the job hears of its lease.</summary>
    /// <param name="state">The record, with a lease.</param>
    /// <returns>The report.</returns>
    public static LeaseReport Report(NodeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Invariant.That(state.Lease is not null);
        var lease = state.Lease;
        return new LeaseReport
        {
            Node = state.Name,
            LeaseNumber = lease.Number,
            Version = lease.NewsVersion,
            Phase = state.Phase,
            Reason = state.Reason,
            IsConnected = state.IsConnected,
            IsRevoked = lease.Phase == LeasePhase.Revoked,
            Preparation = lease.Preparation,
            Ranks = lease.Ranks,
            StoppedAttempt = lease.StoppedAttempt,
            Shards = lease.Shards,
            OrderRefusal = lease.OrderRefusal,
            NewsAt = lease.NewsAt,
            Cordon = NodeDrain.CordonOf(state),
            RestoreFault = lease.RestoreFault,
        };
    }

    /// <summary>Ends the lease: confirmed by the agent, or noted by the job of a lost node.</summary>
    internal static NodeState End(NodeState state, DateTimeOffset now)
    {
        var job = state.Lease!.Job;
        var free = state with { Lease = null };
        var to = state.Phase is NodePhase.Assigned or NodePhase.Active ? NodePhase.Warm : state.Phase;
        if (!NodeLifecycle.Table.Handles(state.Phase, NodeTrigger.Released))
        {
            return state.Phase == NodePhase.Validating
                ? NodeContact.Validate((free with { DeadlineFrom = now }).Arm(now), now)
                : free;
        }

        var reason = to == NodePhase.Warm ? new Reason("released", $"Released by {job}.") : state.Reason;
        var released = free.Move(NodeTrigger.Released, to, reason, now);
        return to == NodePhase.Warm && !released.Remains.IsEmpty
            ? released.Move(
                NodeTrigger.Attached, NodePhase.Validating, new Reason("remains", "Old ranks are still ending."), now)
            : released;
    }

    /// <summary>
    /// A lease without a launch: its job is asked whether it wants it, and its silence ends the lease.
    /// </summary>
    internal static NodeState Lapse(NodeState state, DateTimeOffset now) => state.Lease!.HasNews
        ? (state with { Lease = null }).Move(
            NodeTrigger.Released,
            NodePhase.Warm,
            new Reason("lease_lapsed", $"{state.Lease.Job} did not launch on it in time."),
            now)
        : state.Arm(now).WithNews(now);

    private static Lease WithBody(Lease lease, NodeOrder order) => order.Body switch
    {
        LaunchOrder launch => lease.Step(LeaseTrigger.LaunchOrdered, LeasePhase.Launched) with
        {
            Ranks = [.. launch.Ranks.Select(rank => new RankStatus { Rank = rank, Attempt = order.Attempt })],
        },
        ReleaseOrder => lease.Step(LeaseTrigger.ReleaseOrdered, LeasePhase.Releasing) with
        {
            AcknowledgedVersion = lease.NewsVersion,
        },
        _ => lease,
    };

    private static Reason? Refuse(NodeState state, NodeOrder order)
    {
        if (state.Lease is not { } lease || lease.Job != order.Job || lease.Number != order.LeaseNumber)
        {
            return new("lease_mismatch", $"{order.Job} does not hold lease {order.LeaseNumber} of {state.Name}.");
        }

        if (lease.Phase == LeasePhase.Revoked && order.Body is not ReleaseOrder)
        {
            return new("lease_revoked", $"{state.Name} was lost: {state.Reason.Sentence}");
        }

        if (lease.Phase == LeasePhase.Releasing && order.Body is not ReleaseOrder)
        {
            return new("lease_releasing", $"{order.Job} has given {state.Name} back.");
        }

        return order.Attempt < lease.Attempt
            ? new("attempt_over", $"Attempt {order.Attempt} of {order.Job} is over; {lease.Attempt} is the newest.")
            : null;
    }

    private static string Unavailable(NodeState state) => state switch
    {
        { Cordons: [var cordon, ..] } => $"{state.Name} is cordoned by {cordon.Owner}: {cordon.Reason.Sentence}",
        { Lease: { } lease } => $"{state.Name} is leased to {lease.Job}.",
        _ => $"{state.Name} is {state.Phase}: {state.Reason.Sentence}",
    };
}
