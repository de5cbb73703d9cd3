using System.Collections.Immutable;
using Orchestrator.Domain.Nodes;

namespace Orchestrator.Domain.Pools;

/// <summary>The rules of a warm pool: first in, first out; the whole gang or nothing; replacements first.</summary>
public static class PoolDecisions
{
    /// <summary>A job asks for nodes.</summary>
    /// <param name="state">The record.</param>
    /// <param name="ticket">What it asks for.</param>
    /// <param name="nodes">A snapshot of all nodes, perhaps stale: each node accepts or refuses for itself.</param>
    /// <param name="limits">What the pool may give.</param>
    /// <param name="now">Now.</param>
    /// <returns>The nodes to try, or what the job waits for.</returns>
    public static PoolPlan Plan(
        PoolState state, PoolTicket ticket, IReadOnlyList<NodeState> nodes, PoolLimits limits, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(ticket);
        var queue = Enqueue(state, ticket);
        var first = queue.Waiting[0];
        var free = Free(ticket.Job, nodes);
        if (first.Job != ticket.Job)
        {
            return Wait(queue, ticket, Behind(first));
        }

        var held = ticket.IsReplacement ? 0 : limits.Spares;
        if (free.Length - held < ticket.Nodes)
        {
            return Wait(queue, ticket, NotEnough(ticket.Nodes, free.Length, nodes.Count, held));
        }

        var wait = ticket.IsReplacement
            ? ReplacementCap.Wait(state.Replaced, ticket.Nodes, limits.ReplacementsPerMinute, now)
            : null;
        return wait is null ? new PoolPlan(queue, free, null) : Wait(queue, ticket, wait);
    }

    /// <summary>
    /// A running job asks for nodes to move to. It has time: it waits in no queue, and in nobody's way.
    /// </summary>
    /// <param name="state">The record.</param>
    /// <param name="job">The job.</param>
    /// <param name="needed">How many nodes it needs, all at once.</param>
    /// <param name="nodes">A snapshot of all nodes, perhaps stale: each node accepts or refuses for itself.</param>
    /// <returns>The nodes to try, spares included; or what the job waits for.</returns>
    public static PoolPlan PlanRelocation(PoolState state, string job, int needed, IReadOnlyList<NodeState> nodes)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(nodes);
        if (state.Waiting.FirstOrDefault(ticket => ticket.IsReplacement && ticket.Job != job) is { } stopped)
        {
            return new PoolPlan(state, [], Behind(stopped));
        }

        var free = Free(job, nodes);
        return free.Length >= needed
            ? new PoolPlan(state, free, null)
            : new PoolPlan(state, [], NotEnough(needed, free.Length, nodes.Count, held: 0));
    }

    /// <summary>The job got its nodes.</summary>
    /// <param name="state">The record.</param>
    /// <param name="ticket">What it asked for.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record without its ticket, and with what it got noted.</returns>
    public static PoolState Serve(PoolState state, PoolTicket ticket, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        var left = Leave(state, ticket.Job);
        return ticket.IsReplacement
            ? left with { Replaced = ReplacementCap.Note(left.Replaced, ticket.Nodes, now) }
            : left;
    }

    /// <summary>The job does not want nodes any more.</summary>
    /// <param name="state">The record.</param>
    /// <param name="job">The job.</param>
    /// <returns>The record without its ticket; the same reference when it had none.</returns>
    public static PoolState Leave(PoolState state, string job)
    {
        ArgumentNullException.ThrowIfNull(state);
        var left = state.Waiting.RemoveAll(ticket => ticket.Job == job);
        return left.Length == state.Waiting.Length ? state : state with { Waiting = left };
    }

    /// <summary>Notes what a job waits for.</summary>
    /// <param name="state">The record.</param>
    /// <param name="ticket">Its ticket.</param>
    /// <param name="reason">What it waits for.</param>
    /// <returns>The plan to wait.</returns>
    public static PoolPlan Wait(PoolState state, PoolTicket ticket, Reason reason)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(ticket);
        var index = state.Waiting.IndexOf(state.Waiting.First(other => other.Job == ticket.Job));
        var known = state.Waiting[index];
        var noted = known.Reason == reason
            ? state
            : state with { Waiting = state.Waiting.SetItem(index, known with { Reason = reason }) };
        return new PoolPlan(noted, [], reason);
    }

    private static ImmutableArray<string> Free(string job, IReadOnlyList<NodeState> nodes) =>
    [
        .. Topology.NearestFirst(nodes.Where(node => node.IsAvailable), job, nodes).Select(node => node.Name),
    ];

    private static Reason Behind(PoolTicket first) => new(
        "behind_in_queue", $"Waits behind {first.Job}, which needs {first.Nodes} nodes.");

    private static Reason NotEnough(int needed, int free, int all, int held)
    {
        var heldText = held > 0 ? $" and {held} of them held for replacements" : "";
        return new(
            "not_enough_nodes", $"Needs {needed} nodes at once; {free} of {all} are warm and free{heldText}.");
    }

    private static PoolState Enqueue(PoolState state, PoolTicket ticket)
    {
        var known = state.Waiting.FirstOrDefault(other => other.Job == ticket.Job);
        if (known is not null && known.Nodes == ticket.Nodes && known.IsReplacement == ticket.IsReplacement)
        {
            return state;
        }

        return state with
        {
            Waiting =
            [
                .. state.Waiting.Where(other => other.Job != ticket.Job).Append(ticket)
                    .OrderByDescending(other => other.IsReplacement)
                    .ThenBy(other => other.SubmittedAt)
                    .ThenBy(other => other.Job, StringComparer.Ordinal),
            ],
        };
    }
}
