using System.Text.RegularExpressions;

namespace Orchestrator.Domain.Nodes;

/// <summary>The rules of taking a node out of work and back: by people, or by what works for them.</summary>
public static partial class NodeDrain
{
    /// <summary>An owner keeps new work from the node, and may ask that a job on it is moved.</summary>
    /// <param name="state">The record.</param>
    /// <param name="owner">Who asks, e.g. <see cref="Cordon.Operators"/>.</param>
    /// <param name="reason">Why, in the owner's words.</param>
    /// <param name="movesJob">
    /// A job on the node is moved. Asking again without it does not take that back; only resuming does.
    /// </param>
    /// <param name="now">Now.</param>
    /// <returns>The record after it (the same reference for a repeated request), or a refusal.</returns>
    public static Decision<NodeState> Drain(
        NodeState state, string owner, string reason, bool movesJob, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (Problem(state, owner, reason) is { } problem)
        {
            return new(state, problem);
        }

        var known = state.Cordons.FirstOrDefault(cordon => cordon.Owner == owner);
        var asked = new Cordon(
            owner, new Reason("drained", reason.Trim()), known?.Since ?? now, movesJob || known is { MovesJob: true });
        return asked == known
            ? state
            : NodeFitness.SetCordon(state, asked)
                .Record(new Reason("drained", $"Drained by {owner}: {reason.Trim()}"), now)
                .WithNews(now);
    }

    /// <summary>An owner gives the node back to work. Its own cordon goes, and no other without force.</summary>
    /// <param name="state">The record.</param>
    /// <param name="owner">Who asks.</param>
    /// <param name="reason">Why, in the owner's words.</param>
    /// <param name="isForced">Lifts Orchestrator's own cordon as well, whatever it was set for.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record after it (the same reference where no cordon is left to lift), or a refusal.</returns>
    public static Decision<NodeState> Resume(
        NodeState state, string owner, string reason, bool isForced, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (Problem(state, owner, reason) is { } problem)
        {
            return new(state, problem);
        }

        var lifted = state.Cordons.Where(cordon => cordon.Owner == owner || (isForced && cordon.Owner == Cordon.Ours));
        if (!lifted.Any())
        {
            return new(state, state.Cordons is [var other, ..] ? NotItsOwn(state, owner, other) : null);
        }

        return lifted.Aggregate(state, (node, cordon) =>
            NodeFitness.LiftCordon(node, cordon.Owner, Lifted(cordon, owner, reason.Trim()), now).State);
    }

    /// <summary>The cordon that a job on the node has to hear of: not our own, which its state tells of.</summary>
    /// <param name="state">The record.</param>
    /// <returns>One that moves the job before one that does not; null when there is none.</returns>
    public static Cordon? CordonOf(NodeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Cordons.Where(cordon => cordon.Owner != Cordon.Ours).OrderByDescending(cordon => cordon.MovesJob)
            .FirstOrDefault();
    }

    private static Reason? Problem(NodeState state, string owner, string reason)
    {
        if (state.Name.Length == 0)
        {
            return new("no_such_node", "No agent of this name has ever attached.");
        }

        return OwnerProblem(owner) ?? ReasonProblem(reason);
    }

    /// <summary>What is wrong with the name of who asks for something; null when nothing is.</summary>
    internal static Reason? OwnerProblem(string owner) =>
        owner == Cordon.Ours || !OwnerPattern().IsMatch(owner)
            ? new(
                "invalid_owner",
                $"The owner '{owner}' must be 1 to {Limits.OwnerLength} lower-case letters, digits and '-', "
                + $"and not '{Cordon.Ours}'; left out, it is '{Cordon.Operators}'.")
            : null;

    /// <summary>What is wrong with a person's reason; null when nothing is.</summary>
    internal static Reason? ReasonProblem(string reason)
    {
        var text = reason.Trim();
        return text.Length is > 0 and <= Limits.ReasonLength && !text.Any(char.IsControl)
            ? null
            : new(
                "invalid_reason",
                $"The reason must be one line of 1 to {Limits.ReasonLength} letters; it has {text.Length}.");
    }

    private static Reason NotItsOwn(NodeState state, string owner, Cordon other) => new(
        "cordoned_by_other",
        $"{state.Name} has no cordon of {owner}, but one of {other.Owner}: {other.Reason.Sentence} "
        + (other.Owner == Cordon.Ours ? "Only force lifts it (--force)." : $"Only {other.Owner} lifts it."));

    private static Reason Lifted(Cordon cordon, string owner, string reason) => cordon.Owner == owner
        ? new("resumed", $"Resumed by {owner}: {reason}")
        : new("resumed_by_force", $"{owner} lifted the cordon of {cordon.Owner} by force: {reason}");

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex OwnerPattern();
}
