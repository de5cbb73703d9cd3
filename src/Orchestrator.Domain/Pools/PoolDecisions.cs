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
    /// <param name="spares">Free nodes held back from new jobs, for replacements.</param>
    /// <returns>The nodes to try, or what the job waits for.</returns>
    public static PoolPlan Plan(PoolState state, PoolTicket ticket, IReadOnlyList<NodeState> nodes, int spares)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(ticket);
        var queue = Enqueue(state, ticket);
        var first = queue.Waiting[0];
        var free = nodes.Where(node => node.IsAvailable).Select(node => node.Name).Order(StringComparer.Ordinal)
            .ToImmutableArray();
        if (first.Job != ticket.Job)
        {
            return Wait(queue, ticket, new Reason(
                "behind_in_queue", $"Waits behind {first.Job}, which needs {first.Nodes} nodes."));
        }

        var held = ticket.IsReplacement ? 0 : spares;
        if (free.Length - held >= ticket.Nodes)
        {
            return new PoolPlan(queue, free, null);
        }

        var heldText = held > 0 ? $" and {held} of them held for replacements" : "";
        return Wait(queue, ticket, new Reason(
            "not_enough_nodes",
            $"Needs {ticket.Nodes} nodes at once; {free.Length} of {nodes.Count} are warm and free{heldText}."));
    }

    /// <summary>The job got its nodes, or does not want them any more.</summary>
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
