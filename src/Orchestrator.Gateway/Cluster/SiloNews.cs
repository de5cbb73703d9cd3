using System.Collections.Immutable;
using Orchestrator.Domain.Events;

namespace Orchestrator.Gateway.Cluster;

/// <summary>What one silo saw since it last told the others: telemetry and changes, never a command.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.SiloNews")]
internal sealed record SiloNews
{
    /// <summary>Whose news it is.</summary>
    [Id(4)] public required SiloAddress Silo { get; init; }

    /// <summary>The newest beat of each rank whose agent has its stream there.</summary>
    [Id(0)] public required ImmutableArray<HeardBeat> Beats { get; init; }

    /// <summary>Kinds of records that were written there.</summary>
    [Id(1)] public required ImmutableArray<string> Kinds { get; init; }

    /// <summary>Nodes whose agents are heard there.</summary>
    [Id(3)] public required ImmutableArray<string> Heard { get; init; }

    /// <summary>What happened there, in order.</summary>
    [Id(2)] public required ImmutableArray<FleetEvent> Events { get; init; }
}

/// <summary>A beat as another silo hears of it: by age, for each silo has a clock of its own.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.HeardBeat")]
internal readonly record struct HeardBeat(
    [property: Id(0)] string Job,
    [property: Id(1)] int Attempt,
    [property: Id(2)] int Rank,
    [property: Id(3)] long Step,
    [property: Id(4)] TimeSpan Age,
    [property: Id(5)] string Phase);
