using Orchestrator.Domain.Gpus;

namespace Orchestrator.Domain.Nodes;

/// <summary>The rules of fitness: checks, device verdicts and cordons.</summary>
public static class NodeFitness
{
    /// <summary>The first check that a node fails.</summary>
    /// <param name="state">The record, after a hello.</param>
    /// <returns>Why it is unfit; null when every check passes.</returns>
    public static Reason? FailedCheck(NodeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Gpus.IsEmpty)
        {
            return new("no_gpu", $"{state.Name} reports no GPU; start its agent with a probe that finds one.");
        }

        if (state.Address.Length == 0)
        {
            return new("no_address", $"{state.Name} reports no address for other hosts' ranks (agent's --address).");
        }

        // A verdict may have come while the host was away.
        return state.Cordons.FirstOrDefault(cordon => cordon.Owner == Cordon.Ours)?.Reason;
    }

    /// <summary>A GPU's history and newest evidence came to a verdict.</summary>
    /// <param name="state">The record.</param>
    /// <param name="verdict">The verdict.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record after it; the same reference when it is an old one.</returns>
    public static NodeState Judge(NodeState state, DeviceVerdict verdict, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(verdict);
        if (state.Verdicts.TryGetValue(verdict.Uuid, out var number) && number >= verdict.Number)
        {
            return state;
        }

        var noted = state with { Verdicts = state.Verdicts.SetItem(verdict.Uuid, verdict.Number) };
        if (!verdict.IsFatal)
        {
            return noted;
        }

        return NodeLifecycle.Table.Handles(state.Phase, NodeTrigger.DeviceFailed)
            ? Quarantine(noted, NodeTrigger.DeviceFailed, verdict.Reason, now)
            : SetCordon(noted, new Cordon(Cordon.Ours, verdict.Reason, now));
    }

    /// <summary>Keeps new work from the node.</summary>
    /// <param name="state">The record.</param>
    /// <param name="cordon">The owner and its reason; replaces an older one of the same owner.</param>
    /// <returns>The record after it.</returns>
    public static NodeState SetCordon(NodeState state, Cordon cordon)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(cordon);
        return state.Cordons.Contains(cordon)
            ? state
            : state with { Cordons = [.. state.Cordons.Where(other => other.Owner != cordon.Owner), cordon] };
    }

    /// <summary>A cordon is lifted; others' stay.</summary>
    /// <param name="state">The record.</param>
    /// <param name="owner">Its owner.</param>
    /// <param name="reason">Who lifted it, and why.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record after it, or a refusal when this owner has none.</returns>
    public static Decision<NodeState> LiftCordon(NodeState state, string owner, Reason reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var left = state.Cordons.RemoveAll(cordon => cordon.Owner == owner);
        if (left.Length == state.Cordons.Length)
        {
            return new(state, new Reason("no_such_cordon", $"{owner} has no cordon on {state.Name}."));
        }

        var lifted = state with { Cordons = left };
        return (lifted.Phase, left.IsEmpty) switch
        {
            (NodePhase.Quarantined or NodePhase.Repairing, true) =>
                NodeContact.Return(lifted, NodeTrigger.CordonLifted, reason, now),
            // Its agent is attached already: no other hello will come.
            (NodePhase.Retired, true) when lifted.IsConnected =>
                NodeContact.Return(lifted, NodeTrigger.CordonLifted, reason, now),
            (NodePhase.Retired, true) => lifted.Move(NodeTrigger.CordonLifted, NodePhase.Joining, reason, now),
            _ => lifted.Record(reason, now).WithNews(now),
        };
    }

    internal static NodeState Quarantine(NodeState state, NodeTrigger trigger, Reason reason, DateTimeOffset now) =>
        SetCordon(state, new Cordon(Cordon.Ours, reason, now)).Move(trigger, NodePhase.Quarantined, reason, now);

    internal static NodeState LiftOwn(NodeState state) =>
        state with { Cordons = state.Cordons.RemoveAll(cordon => cordon.Owner == Cordon.Ours) };
}
