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
            var history = state.History.Add(new NodeTransition(now, state.Phase, to, reason, incident));
            moved = moved with
            {
                History = history.Length > Limits.NodeHistory ? history.RemoveAt(0) : history,
            };
        }

        return moved.Arm(now).WithNews(now);
    }

    /// <summary>Sets the deadline that belongs to the state and the contact.</summary>
    public static NodeState Arm(this NodeState state, DateTimeOffset now)
    {
        TimeSpan? lasts = state.Phase switch
        {
            NodePhase.Joining or NodePhase.Lost => Timings.LostForGood,
            NodePhase.Suspect => state.SilenceUntilLost(),
            NodePhase.Validating when state.IsConnected => Timings.Validation,
            NodePhase.Quarantined or NodePhase.Repairing when state.HoldsLease() && !state.IsConnected
                => state.SilenceUntilLost(),
            NodePhase.Assigned when state.IsConnected && state.Lease is { Phase: LeasePhase.Granted }
                => Timings.UnlaunchedLease,
            NodePhase.Quarantined => Timings.Quarantine,
            NodePhase.Repairing => Timings.Repair,
            NodePhase.Retired => null,
            _ when !state.IsConnected => state.SilenceUntilLost(),
            _ => null,
        };
        return state with { Deadline = now + lasts };
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
}
