using Orchestrator.Domain.Incidents;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Mapping;

/// <summary>Incidents, as the control API shows them.</summary>
internal static class IncidentMapping
{
    public static Proto.Incident ToProto(this Incident incident)
    {
        var proto = new Proto.Incident
        {
            Id = incident.Id,
            JobId = incident.Job,
            Phase = incident.Phase.ToProto(),
            Cause = incident.Cause.ToProto(),
            Action = incident.Action?.ToProto(),
            Node = incident.Node ?? "",
            FailedAttempt = (uint)incident.FailedAttempt,
            NextAttempt = (uint)incident.NextAttempt,
            ReachedStep = (ulong)incident.ReachedStep,
            ResumedFromStep = (ulong)incident.ResumedFromStep,
            Durations = incident.Durations().ToProto(),
        };
        var start = incident.When(TimelineEvents.Detected);
        proto.Replacements.AddRange(incident.Replacements);
        proto.Timeline.AddRange(incident.Timeline.Select(entry => new Proto.TimelineEntry
        {
            At = entry.At.ToProto(),
            OffsetMs = Milliseconds(entry.At - start),
            Event = entry.Event,
            Detail = entry.Detail,
        }));
        proto.Evidence.AddRange(incident.Evidence.Select(evidence => new Proto.Evidence
        {
            At = evidence.At.ToProto(),
            Witness = evidence.Witness,
            Kind = evidence.Kind,
            Detail = evidence.Detail,
        }));
        return proto;
    }

    private static Proto.IncidentDurations ToProto(this IncidentDurations durations) => new()
    {
        DecideMs = Milliseconds(durations.Decide),
        StopMs = Milliseconds(durations.Stop),
        LaunchMs = Milliseconds(durations.Launch),
        TotalMs = Milliseconds(durations.Total),
    };

    private static long Milliseconds(TimeSpan? duration) => (long)Math.Round(duration?.TotalMilliseconds ?? 0);

    private static Proto.IncidentPhase ToProto(this IncidentPhase phase) => phase switch
    {
        IncidentPhase.Detected => Proto.IncidentPhase.Detected,
        IncidentPhase.Classified => Proto.IncidentPhase.Classified,
        IncidentPhase.Paused => Proto.IncidentPhase.Paused,
        IncidentPhase.Replaced => Proto.IncidentPhase.Replaced,
        IncidentPhase.Launched => Proto.IncidentPhase.Launched,
        IncidentPhase.Resolved => Proto.IncidentPhase.Resolved,
        IncidentPhase.Unconfirmed => Proto.IncidentPhase.Unconfirmed,
        IncidentPhase.Abandoned => Proto.IncidentPhase.Abandoned,
        _ => Proto.IncidentPhase.Unspecified,
    };
}
