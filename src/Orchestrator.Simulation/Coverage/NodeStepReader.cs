using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Checkers;
using Orchestrator.Simulation.Grains;
using static Orchestrator.Domain.Nodes.NodeTrigger;

namespace Orchestrator.Simulation.Coverage;

/// <summary>Which rows of the node's life cycle a stored change took, told from what the call may do.</summary>
internal static class NodeStepReader
{
    private static readonly Dictionary<NodeCall, NodeTrigger[]> Triggers = new()
    {
        [NodeCall.Attach] = [Attached, ContactRegained, NodeTrigger.RankStarted, Repaired, ChecksPassed, ChecksFailed],
        [NodeCall.Keep] = [Attached, ContactRegained, ChecksPassed, ChecksFailed],
        [NodeCall.Lose] = [ContactLost],
        [NodeCall.Observe] = [NodeTrigger.RankStarted, Released, Attached, ChecksPassed, ChecksFailed],
        [NodeCall.Grant] = [Leased],
        [NodeCall.Order] = [Released, Attached, ChecksPassed, ChecksFailed],
        [NodeCall.Convict] = [Convicted],
        [NodeCall.Vouch] = [Vouched],
        [NodeCall.Judge] = [DeviceFailed],
        [NodeCall.Drain] = [],
        [NodeCall.Resume] = [CordonLifted, ChecksPassed, ChecksFailed],
        [NodeCall.ResumeByForce] = [CordonLifted, ChecksPassed, ChecksFailed],
        [NodeCall.Tick] = [DeadlinePassed, ContactLost, Released],
    };

    private static readonly Dictionary<(NodeCall, NodePhase, NodePhase), NodeTrigger> Moves = (
        from entry in Triggers
        from row in NodeLifecycle.Table.Rows
        where row.From != row.To && entry.Value.Contains(row.Trigger)
        select (Key: (entry.Key, row.From, row.To), row.Trigger))
        .ToDictionary(move => move.Key, move => move.Trigger);

    /// <summary>Reads the rows; false when the record moved in a way that the call may not move it.</summary>
    public static bool Read(in NodeChange change, List<(NodePhase From, NodeTrigger Trigger, NodePhase To)> rows)
    {
        var (before, after) = (change.Before, change.After);
        var first = FirstNew(before, after);
        var at = before.Phase;
        for (var index = first; index < after.History.Length; index++)
        {
            var move = after.History[index];
            if (move.From == move.To)
            {
                // What an operator did is noted, too.
                continue;
            }

            if (move.From != at || !Moves.TryGetValue((change.Call, move.From, move.To), out var trigger))
            {
                return false;
            }

            rows.Add((move.From, trigger, move.To));
            at = move.To;
        }

        if (rows.Count == 0 && Stayed(change) is { } stayed)
        {
            rows.Add((at, stayed, at));
        }

        return at == after.Phase;
    }

    private static int FirstNew(NodeState before, NodeState after)
    {
        var index = after.History.Length;
        if (before.History.IsEmpty)
        {
            return 0;
        }

        while (index > 0 && !ReferenceEquals(after.History[index - 1], before.History[^1]))
        {
            index--;
        }

        return index;
    }

    /// <summary>Rows that lead back to their own state leave no trace in the history.</summary>
    private static NodeTrigger? Stayed(in NodeChange change)
    {
        var (before, after) = (change.Before, change.After);
        NodeTrigger? trigger = change.Call switch
        {
            NodeCall.Attach => Attached,
            NodeCall.Judge when before.Cordons != after.Cordons => DeviceFailed,
            NodeCall.Order or NodeCall.Observe when before.Lease is not null && after.Lease is null => Released,
            _ => null,
        };
        return trigger is { } taken && NodeLifecycle.Table.Allows(before.Phase, taken, before.Phase) ? taken : null;
    }
}
