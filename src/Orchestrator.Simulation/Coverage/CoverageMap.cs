using Orchestrator.Domain;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Lifecycles;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Checkers;

namespace Orchestrator.Simulation.Coverage;

/// <summary>Which rows of the life cycles were taken, and which reasons were given.</summary>
internal sealed class CoverageMap
{
    public HashSet<(NodePhase From, NodeTrigger Trigger, NodePhase To)> NodeRows { get; } = [];

    public HashSet<(LeasePhase From, LeaseTrigger Trigger, LeasePhase To)> LeaseRows { get; } = [];

    public HashSet<(JobPhase From, JobTrigger Trigger, JobPhase To)> JobRows { get; } = [];

    public HashSet<(IncidentPhase From, IncidentTrigger Trigger, IncidentPhase To)> IncidentRows { get; } = [];

    public HashSet<string> Reasons { get; } = new(StringComparer.Ordinal);

    public static int RowCount => NodeLifecycle.Table.Rows.Count + LeaseLifecycle.Table.Rows.Count
        + JobLifecycle.Table.Rows.Count + IncidentLifecycle.Table.Rows.Count;

    public int RowsTaken => RowCount - MissingRows().Count();

    public int ReasonsGiven => ReasonCodes.All.Count - MissingReasons().Count();

    public void Saw(Reason reason) => Reasons.Add(reason.Code);

    public void Refused(Reason refusal) => Reasons.Add(refusal.Code);

    public void Saw(in NodeChange change)
    {
        var (before, after) = (change.Before, change.After);
        if (before.History != after.History || before.Reason.Code != after.Reason.Code)
        {
            Saw(before.Reason);
            Saw(after.Reason);
            // Two moves in one decision leave the reason of the first in the history only.
            for (var index = Math.Max(0, after.History.Length - 3); index < after.History.Length; index++)
            {
                Saw(after.History[index].Reason);
            }
        }
    }

    public void Saw(in JobChange change)
    {
        var (before, after) = (change.Before, change.After);
        if (!ReferenceEquals(before.Reason, after.Reason))
        {
            Saw(before.Reason);
            Saw(after.Reason);
        }

        if (before.Gang != after.Gang)
        {
            foreach (var member in after.Gang)
            {
                Reasons.Add(member.Overdue?.Code ?? after.Reason.Code);
            }
        }

        if (before.Incidents != after.Incidents)
        {
            foreach (var incident in after.Incidents)
            {
                Saw(incident.Cause);
            }
        }
    }

    public void Add(CoverageMap other)
    {
        NodeRows.UnionWith(other.NodeRows);
        LeaseRows.UnionWith(other.LeaseRows);
        JobRows.UnionWith(other.JobRows);
        IncidentRows.UnionWith(other.IncidentRows);
        Reasons.UnionWith(other.Reasons);
    }

    /// <summary>Rows that were never taken, as they stand in the tables.</summary>
    public IEnumerable<string> MissingRows() =>
        Missing("node", NodeLifecycle.Table, NodeRows)
            .Concat(Missing("lease", LeaseLifecycle.Table, LeaseRows))
            .Concat(Missing("job", JobLifecycle.Table, JobRows))
            .Concat(Missing("incident", IncidentLifecycle.Table, IncidentRows));

    public IEnumerable<string> MissingReasons() => ReasonCodes.All.Where(code => !Reasons.Contains(code));

    private static IEnumerable<string> Missing<TPhase, TTrigger>(
        string name, TransitionTable<TPhase, TTrigger> table, HashSet<(TPhase, TTrigger, TPhase)> taken)
        where TPhase : struct, Enum
        where TTrigger : struct, Enum =>
        table.Rows.Where(row => !taken.Contains((row.From, row.Trigger, row.To)))
            .Select(row => $"{name}: {row.From} -{row.Trigger}-> {row.To}");
}
