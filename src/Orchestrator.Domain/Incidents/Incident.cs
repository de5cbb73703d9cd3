using System.Collections.Immutable;

namespace Orchestrator.Domain.Incidents;

/// <summary>One root cause, from its detection to the first new step.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.Incident")]
public sealed record Incident
{
    /// <summary>Version of the stored form.</summary>
    [Id(0)] public int SchemaVersion { get; init; } = 1;

    /// <summary>Its id: the job's, and a number that rises.</summary>
    [Id(1)] public required string Id { get; init; }

    /// <summary>The job.</summary>
    [Id(2)] public required string Job { get; init; }

    /// <summary>How far it is.</summary>
    [Id(3)] public IncidentPhase Phase { get; init; }

    /// <summary>The root cause.</summary>
    [Id(4)] public required Reason Cause { get; init; }

    /// <summary>What was done about it, and why this rung of the ladder; null before the choice.</summary>
    [Id(5)] public Reason? Action { get; init; }

    /// <summary>The node at fault, or that of the rank that failed first; null when unknown.</summary>
    [Id(6)] public string? Node { get; init; }

    /// <summary>Nodes that took the place of lost ones.</summary>
    [Id(7)] public ImmutableArray<string> Replacements { get; init; } = [];

    /// <summary>The attempt that failed.</summary>
    [Id(8)] public required int FailedAttempt { get; init; }

    /// <summary>The attempt that went on; 0 before its launch.</summary>
    [Id(9)] public int NextAttempt { get; init; }

    /// <summary>Highest step that the failed attempt is known to have reached.</summary>
    [Id(10)] public long ReachedStep { get; init; }

    /// <summary>Step that the next attempt resumed from; 0 when from nothing.</summary>
    [Id(11)] public long ResumedFromStep { get; init; }

    /// <summary>Its moments, in order of time.</summary>
    [Id(12)] public ImmutableArray<TimelineEntry> Timeline { get; init; } = [];

    /// <summary>What the witnesses said.</summary>
    [Id(13)] public ImmutableArray<Evidence> Evidence { get; init; } = [];

    /// <summary>It is not closed yet.</summary>
    public bool IsOpen => Phase < IncidentPhase.Resolved;

    /// <summary>When a moment was.</summary>
    /// <param name="moment">One of <see cref="TimelineEvents"/>.</param>
    /// <returns>The newest entry of that name; null when there is none.</returns>
    public DateTimeOffset? When(string moment) => Timeline.LastOrDefault(entry => entry.Event == moment)?.At;

    /// <summary>How long the parts of the recovery took.</summary>
    /// <returns>The durations; null where a moment is missing.</returns>
    public IncidentDurations Durations() => new(
        Between(TimelineEvents.Detected, TimelineEvents.StopsSent)
            + Between(TimelineEvents.Paused, TimelineEvents.Launched),
        Between(TimelineEvents.StopsSent, TimelineEvents.Paused),
        Between(TimelineEvents.Launched, TimelineEvents.FirstNewStep),
        Between(TimelineEvents.Detected, TimelineEvents.FirstNewStep));

    private TimeSpan? Between(string start, string end) => When(end) - When(start);
}

/// <summary>How long the parts of a recovery took.</summary>
/// <param name="Decide">
/// Evidence at the gateway to last stop sent, plus last stop confirmed to last launch sent.
/// </param>
/// <param name="Stop">Last stop sent to last stop confirmed.</param>
/// <param name="Launch">Last launch sent to first new step.</param>
/// <param name="Total">Evidence at the gateway to first new step.</param>
public readonly record struct IncidentDurations(
    TimeSpan? Decide, TimeSpan? Stop, TimeSpan? Launch, TimeSpan? Total);
