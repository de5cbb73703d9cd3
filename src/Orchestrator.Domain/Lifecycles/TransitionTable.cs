using System.Collections.Frozen;
using System.Text;

namespace Orchestrator.Domain.Lifecycles;

/// <summary>A life cycle as data: what the decisions obey, the tests walk and the documentation prints.</summary>
/// <typeparam name="TPhase">The states.</typeparam>
/// <typeparam name="TTrigger">What can happen.</typeparam>
public sealed class TransitionTable<TPhase, TTrigger>
    where TPhase : struct, Enum
    where TTrigger : struct, Enum
{
    private readonly FrozenSet<(TPhase, TTrigger, TPhase)> _allowed;

    /// <summary>Builds the table from its rows.</summary>
    /// <param name="rows">The allowed steps.</param>
    /// <param name="deadlines">One per state.</param>
    public TransitionTable(
        IReadOnlyList<Transition<TPhase, TTrigger>> rows, IReadOnlyList<PhaseDeadline<TPhase>> deadlines)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Rows = rows;
        Deadlines = deadlines;
        _allowed = rows.Select(row => (row.From, row.Trigger, row.To)).ToFrozenSet();
    }

    /// <summary>The allowed steps, in the order in which they read best.</summary>
    public IReadOnlyList<Transition<TPhase, TTrigger>> Rows { get; }

    /// <summary>How long each state may last.</summary>
    public IReadOnlyList<PhaseDeadline<TPhase>> Deadlines { get; }

    /// <summary>Whether the step is in the table.</summary>
    /// <param name="from">The state before.</param>
    /// <param name="trigger">What happens.</param>
    /// <param name="to">The state after.</param>
    /// <returns>True when it is.</returns>
    public bool Allows(TPhase from, TTrigger trigger, TPhase to) => _allowed.Contains((from, trigger, to));

    /// <summary>Whether anything is foreseen for this event in this state.</summary>
    /// <param name="from">The state.</param>
    /// <param name="trigger">The event.</param>
    /// <returns>True when at least one row says so.</returns>
    public bool Handles(TPhase from, TTrigger trigger) =>
        Rows.Any(row => row.From.Equals(from) && row.Trigger.Equals(trigger));

    /// <summary>The table as Markdown, as it stands in the documentation.</summary>
    /// <returns>Two tables: steps and deadlines.</returns>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append("| from | when | to | meaning |\n|---|---|---|---|\n");
        foreach (var row in Rows)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"| {row.From} | {row.Trigger} | {row.To} | {row.Meaning} |\n");
        }

        text.Append("\n| state | lasts at most | then |\n|---|---|---|\n");
        foreach (var deadline in Deadlines)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"| {deadline.Phase} | {deadline.Lasts} | {deadline.Escalation} |\n");
        }

        return text.ToString();
    }
}
