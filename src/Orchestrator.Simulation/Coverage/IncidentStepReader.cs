using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Simulation.Checkers;
using static Orchestrator.Domain.Incidents.IncidentPhase;
using static Orchestrator.Domain.Incidents.IncidentTrigger;

namespace Orchestrator.Simulation.Coverage;

/// <summary>Which rows of the incident's life cycle a stored change of its job took.</summary>
internal static class IncidentStepReader
{
    /// <summary>Reads the rows; false when an incident took none of the table.</summary>
    public static bool Read(
        in JobChange change, List<(IncidentPhase From, IncidentTrigger Trigger, IncidentPhase To)> rows)
    {
        var isKnown = true;
        foreach (var incident in change.After.Incidents)
        {
            var before = change.Before.Incidents.FirstOrDefault(other => other.Id == incident.Id);
            if (!ReferenceEquals(before, incident))
            {
                isKnown &= Read(before, incident, change.After.Phase, rows);
            }
        }

        return isKnown;
    }

    private static bool Read(
        Incident? before,
        Incident after,
        JobPhase job,
        List<(IncidentPhase From, IncidentTrigger Trigger, IncidentPhase To)> rows)
    {
        var at = before?.Phase ?? Detected;
        if (at == after.Phase)
        {
            if (at == Classified && before!.Cause != after.Cause)
            {
                rows.Add((Classified, CauseFound, Classified));
            }

            return true;
        }

        // A decision that ends a pause classifies and pauses before it goes on.
        while (at != after.Phase)
        {
            if (Next(at, after, job) is not var (trigger, to) || !IncidentLifecycle.Table.Allows(at, trigger, to))
            {
                return false;
            }

            rows.Add((at, trigger, to));
            at = to;
        }

        return true;
    }

    private static (IncidentTrigger Trigger, IncidentPhase To)? Next(
        IncidentPhase at, Incident after, JobPhase job) => (at, after.Phase) switch
        {
            (Detected, not Abandoned) => (CauseFound, Classified),
            (Detected, Abandoned) when job == JobPhase.Failed => (CauseFound, Classified),
            (Classified, not Abandoned) => (GangStopped, Paused),
            (Classified, Abandoned) when job == JobPhase.Failed => (GangStopped, Paused),
            (Paused, Replaced) => (NodesReplaced, Replaced),
            (Paused or Replaced, Launched) => (LaunchSent, Launched),
            (_, Resolved) => (TrainingWentOn, Resolved),
            (_, Unconfirmed) => (NoSignal, Unconfirmed),
            (_, Abandoned) => (job.IsEnded() ? JobEnded : Superseded, Abandoned),
            _ => null,
        };
}
