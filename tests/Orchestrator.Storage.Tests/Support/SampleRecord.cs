using System.Collections.Immutable;

namespace Orchestrator.Storage.Tests.Support;

/// <summary>A record with a property of every shape that the product's records have.</summary>
[GenerateSerializer]
public sealed record SampleRecord
{
    [Id(0)]
    public required string Name { get; init; }

    [Id(1)]
    public required string? Reason { get; init; }

    [Id(2)]
    public SampleState State { get; init; }

    [Id(3)]
    public SampleState? Before { get; init; }

    [Id(4)]
    public TimeSpan Remaining { get; init; }

    [Id(5)]
    public DateTimeOffset At { get; init; }

    [Id(6)]
    public ImmutableArray<string> Owners { get; init; } = [];

    [Id(7)]
    public IReadOnlyList<SampleRank> Ranks { get; init; } = [];

    [Id(8)]
    public Dictionary<int, SampleRank> ByRank { get; init; } = [];

    [Id(9)]
    public long LeaseNumber { get; init; }

    [Id(10)]
    public double Load { get; init; }

    /// <summary>A record of a name and nothing else.</summary>
    public static SampleRecord Of(string name, long leaseNumber = 0) =>
        new() { Name = name, Reason = null, LeaseNumber = leaseNumber };
}
