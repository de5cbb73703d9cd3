using System.Collections.Immutable;

namespace Orchestrator.Domain.Events;

/// <summary>Something that happened, as people and programs follow it. Derived from records and never stored.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.FleetEvent")]
public sealed record FleetEvent
{
    /// <summary>When, on the control plane's clock.</summary>
    [Id(0)] public required DateTimeOffset At { get; init; }

    /// <summary>What it is about.</summary>
    [Id(1)] public required EventKind Kind { get; init; }

    /// <summary>The node's name, or the id of the job or incident.</summary>
    [Id(2)] public required string Subject { get; init; }

    /// <summary>The phase before; empty for a moment, and where it is not known any more.</summary>
    [Id(3)] public string From { get; init; } = "";

    /// <summary>The phase after, or the moment.</summary>
    [Id(4)] public required string To { get; init; }

    /// <summary>Why.</summary>
    [Id(5)] public required Reason Reason { get; init; }

    /// <summary>The job that it belongs to; empty when to none, or when that is not known any more.</summary>
    [Id(6)] public string Job { get; init; } = "";

    /// <summary>The nodes that it is about.</summary>
    [Id(7)] public ImmutableArray<string> Nodes { get; init; } = [];

    /// <summary>The incident that it belongs to; empty when to none.</summary>
    [Id(8)] public string Incident { get; init; } = "";

    /// <summary>What makes it one of a kind: out of a record or seen live, an event has the same identity.</summary>
    public (DateTimeOffset At, EventKind Kind, string Subject, string To) Identity => (At, Kind, Subject, To);

    /// <summary>Whether somebody who asked for a job or a node wants to hear of it.</summary>
    /// <param name="job">The job; empty: any.</param>
    /// <param name="node">The node; empty: any.</param>
    /// <returns>True when it belongs to both, or is a gap in the stream.</returns>
    public bool Concerns(string job, string node) =>
        Kind == EventKind.Gap
        || ((string.IsNullOrEmpty(job) || Job == job) && (string.IsNullOrEmpty(node) || Nodes.Contains(node)));
}
