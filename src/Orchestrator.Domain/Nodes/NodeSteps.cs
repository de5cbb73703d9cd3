using Orchestrator.Domain.Leases;

namespace Orchestrator.Domain.Nodes;

/// <summary>The small steps of which the rules of a node are made.</summary>
internal static class NodeSteps
{
    /// <summary>Takes a step of the life cycle, notes it in the history and arms the new deadline.</summary>
    public static NodeState Move(
        this NodeState state,
        NodeTrigger trigger,
        NodePhase to,
        Reason reason,
        DateTimeOffset now,
        string? incident = null)
    {
        Invariant.That(NodeLifecycle.Table.Allows(state.Phase, trigger, to));
        var moved = state with { Phase = to, Reason = reason };
        if (state.Phase != to)
        {
            moved = moved.Remember(new NodeTransition(now, state.Phase, to, reason, incident));
            moved = moved with { DeadlineFrom = now };
        }

        return moved.Arm(now).WithNews(now);
    }

    /// <summary>Notes in the history what changed no state.</summary>
    public static NodeState Record(this NodeState state, Reason reason, DateTimeOffset now) =>
        state.Remember(new NodeTransition(now, state.Phase, state.Phase, reason, Incident: null));

    /// <summary>Sets the deadline that belongs to the state and the contact.</summary>
    /// <remarks>
    /// What happens within a state does not prolong it, or a host whose agent attaches every hour would stay in it for
    /// ever. Only silence counts from now, and a lease without a launch: what arms that deadline asks its job as well.
    /// </remarks>
    public static NodeState Arm(this NodeState state, DateTimeOffset now)
    {
        var from = state.DeadlineFrom ?? now;
        return state with { DeadlineFrom = from, Deadline = Deadline(state, from, now) };
    }

    /// <summary>Marks that the job must hear of the lease again; once it gave the lease back, it need not.</summary>
    public static NodeState WithNews(this NodeState state, DateTimeOffset at) =>
        state.Lease is not { Phase: not LeasePhase.Releasing } lease
        ? state
        : state with { Lease = lease with { NewsVersion = lease.NewsVersion + 1, NewsAt = at } };

    /// <summary>A job may still run ranks on it under its lease.</summary>
    public static bool HoldsLease(this NodeState state) => state.Lease is { Phase: not LeasePhase.Revoked };

    /// <summary>The state that a leased, unbroken node rests in.</summary>
    public static NodePhase RestingPhase(this NodeState state) =>
        state.Lease!.Ranks.Any(rank => rank.Phase != Ranks.RankPhase.Waiting) ? NodePhase.Active : NodePhase.Assigned;

    /// <summary>Why a node is where it is after its agent attached.</summary>
    public static Reason AttachedReason(this NodeState state) => state switch
    {
        _ when !state.HoldsLease() => new("attached", "Its agent is attached."),
        _ when state.RestingPhase() == NodePhase.Active => new("runs_ranks", $"Runs ranks of {state.Lease!.Job}."),
        _ => new("leased", $"Leased to {state.Lease!.Job}."),
    };

    /// <summary>How long silence lasts until it means loss.</summary>
    public static TimeSpan SilenceUntilLost(this NodeState state) =>
        Timings.SilenceUntilLost(state.Lease?.Duration ?? Timings.Lease);

    /// <summary>Whether the node works or could work, as far as is known.</summary>
    public static bool IsInService(this NodeState state) => state.Phase
        is NodePhase.Validating or NodePhase.Warm or NodePhase.Assigned or NodePhase.Active;

    private static NodeState Remember(this NodeState state, NodeTransition step)
    {
        var history = state.History.Add(step);
        return state with { History = history.Length > Limits.NodeHistory ? history.RemoveAt(0) : history };
    }

    private static DateTimeOffset? Deadline(NodeState state, DateTimeOffset from, DateTimeOffset now) =>
        state.Phase switch
        {
            NodePhase.Joining or NodePhase.Lost => from + Timings.LostForGood,
            NodePhase.Suspect => from + state.SilenceUntilLost(),
            NodePhase.Validating when state.IsConnected => from + Timings.Validation,
            NodePhase.Quarantined or NodePhase.Repairing when state.HoldsLease() && !state.IsConnected
                => now + state.SilenceUntilLost(),
            NodePhase.Assigned when state.IsConnected && state.Lease is { Phase: LeasePhase.Granted }
                => now + Timings.UnlaunchedLease,
            NodePhase.Quarantined => from + Timings.Quarantine,
            NodePhase.Repairing => from + Timings.Repair,
            NodePhase.Retired => null,
            _ when !state.IsConnected => now + state.SilenceUntilLost(),
            _ => null,
        };
}
