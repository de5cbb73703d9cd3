using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Incidents;

/// <summary>One incident, whole, for a person.</summary>
internal static class IncidentView
{
    private static readonly string[] TimelineColumns = ["OFFSET", "EVENT", "DETAIL"];
    private static readonly string[] EvidenceColumns = ["AT", "WITNESS", "KIND", "DETAIL"];

    public static void Show(Incident incident, HumanOutput human)
    {
        human.Facts(
            ("Incident", incident.Id),
            ("Job", incident.JobId),
            ("Phase", Words.Of(incident.Phase)),
            ("Cause", Words.WithCode(incident.Cause)),
            ("Action", Words.WithCode(incident.Action)),
            ("Node", incident.Node),
            ("Replaced by", string.Join(", ", incident.Replacements)),
            ("Attempts", Attempts(incident)),
            ("Steps", IncidentWords.IsClosed(incident) ? Steps(incident) : ""),
            ("Durations", Durations(incident.Durations)));
        human.Line("");
        human.Table(TimelineColumns, incident.Timeline.Select(Row).ToList(), "The timeline is empty.");
        human.Line("");
        human.Table(EvidenceColumns, incident.Evidence.Select(Row).ToList(), "There is no evidence.");
    }

    /// <summary>How a closed incident ended, in one line.</summary>
    public static string Outcome(Incident incident) => incident.Phase switch
    {
        IncidentPhase.Abandoned => "abandoned: the job ended before it ran again",
        IncidentPhase.Unconfirmed => $"running again, unconfirmed{After(incident)}",
        _ => $"resolved{After(incident)}: {Steps(incident)}",
    };

    /// <summary>An incident in one line: which, how far it is, and its cause.</summary>
    public static string Summary(Incident incident)
    {
        var state = IncidentWords.IsClosed(incident) ? Outcome(incident) : Words.Of(incident.Phase);
        return $"{incident.Id}, {state}. {Words.WithCode(incident.Cause)}";
    }

    private static string After(Incident incident) =>
        incident.Durations is { TotalMs: > 0 } durations ? $" after {Words.Milliseconds(durations.TotalMs)}" : "";

    private static string Attempts(Incident incident) =>
        incident.NextAttempt > 0
            ? $"{incident.FailedAttempt} failed, {incident.NextAttempt} went on"
            : $"{incident.FailedAttempt} failed";

    private static string Steps(Incident incident) =>
        $"reached {Words.Number(incident.ReachedStep)}, resumed from {Words.Number(incident.ResumedFromStep)}, "
        + $"{Words.Number(IncidentWords.LostSteps(incident))} to do again";

    /// <summary>The durations in one line; empty before there is one.</summary>
    public static string Durations(IncidentDurations? durations) =>
        durations is null or { DecideMs: 0, StopMs: 0, LaunchMs: 0, TotalMs: 0 } ? ""
            : $"decide {Words.Milliseconds(durations.DecideMs)}, stop {Words.Milliseconds(durations.StopMs)}, "
                + $"launch {Words.Milliseconds(durations.LaunchMs)}, total {Words.Milliseconds(durations.TotalMs)}";

    private static string[] Row(TimelineEntry entry) =>
        [$"+ {Words.Milliseconds(entry.OffsetMs)}", entry.Event, entry.Detail];

    private static string[] Row(Evidence evidence) =>
        [Words.Of(evidence.At), evidence.Witness, evidence.Kind, evidence.Detail];
}
