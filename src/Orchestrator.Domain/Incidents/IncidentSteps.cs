namespace Orchestrator.Domain.Incidents;

/// <summary>The small steps of which an incident's story is made.</summary>
internal static class IncidentSteps
{
    /// <summary>Takes a step of the life cycle, when it is allowed from here.</summary>
    public static Incident Step(this Incident incident, IncidentTrigger trigger, IncidentPhase to) =>
        IncidentLifecycle.Table.Allows(incident.Phase, trigger, to) ? incident with { Phase = to } : incident;

    /// <summary>Notes a moment; a repeated one replaces its last entry, so that "last sent" stays true.</summary>
    public static Incident Note(this Incident incident, DateTimeOffset at, string moment, string detail)
    {
        var others = incident.Timeline.RemoveAll(entry => entry.Event == moment);
        return others.Length >= Limits.IncidentTimeline
            ? incident
            : incident with
            {
                Timeline = [.. others.Add(new TimelineEntry(at, moment, detail)).OrderBy(entry => entry.At)],
            };
    }

    /// <summary>
    /// Notes one of several moments of the same kind: each stays, as long as there is room for the other kinds.
    /// </summary>
    public static Incident Add(this Incident incident, DateTimeOffset at, string moment, string detail) =>
        incident.Timeline.Count(entry => entry.Event == moment) >= Limits.IncidentTimeline / 2
            ? incident
            : incident with
            {
                Timeline =
                [
                    .. incident.Timeline.Add(new TimelineEntry(at, moment, detail)).OrderBy(entry => entry.At),
                ],
            };

    /// <summary>Adds what a witness said, once.</summary>
    public static Incident Hear(this Incident incident, Evidence evidence)
    {
        var isKnown = incident.Evidence.Any(known =>
            known.Witness == evidence.Witness && known.Kind == evidence.Kind && known.Detail == evidence.Detail);
        return isKnown || incident.Evidence.Length >= Limits.IncidentEvidence
            ? incident
            : incident with { Evidence = [.. incident.Evidence.Add(evidence).OrderBy(known => known.At)] };
    }

    /// <summary>Names the cause.</summary>
    public static Incident Classify(this Incident incident, Reason cause, string? node, DateTimeOffset at) =>
        incident.Phase == IncidentPhase.Classified && incident.Cause == cause
            ? incident
            : (incident with { Cause = cause, Node = node })
                .Step(IncidentTrigger.CauseFound, IncidentPhase.Classified)
                .Note(at, TimelineEvents.Classified, cause.Code);
}
