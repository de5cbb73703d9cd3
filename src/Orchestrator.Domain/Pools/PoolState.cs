using System.Collections.Immutable;

namespace Orchestrator.Domain.Pools;

/// <summary>A job that waits for nodes.</summary>
/// <param name="Job">The job.</param>
/// <param name="Nodes">How many it needs, all at once.</param>
/// <param name="IsReplacement">A running job's replacement, served before new jobs.</param>
/// <param name="SubmittedAt">The job's submission: its place in the queue.</param>
/// <param name="Reason">What it waits for.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.PoolTicket")]
public sealed record PoolTicket(
    string Job, int Nodes, bool IsReplacement, DateTimeOffset SubmittedAt, Reason Reason);

/// <summary>
/// The record of a warm pool: who waits, and what was given lately. Which nodes are free, the nodes themselves know.
/// </summary>
[GenerateSerializer, Immutable, Alias("orchestrator.PoolState")]
public sealed record PoolState
{
    /// <summary>Version of the stored form.</summary>
    [Id(0)] public int SchemaVersion { get; init; } = 1;

    /// <summary>Who waits, in the order in which they will be served.</summary>
    [Id(1)] public ImmutableArray<PoolTicket> Waiting { get; init; } = [];

    /// <summary>Replacements of the last minute, oldest first: what <see cref="ReplacementCap"/> counts.</summary>
    [Id(2)] public ImmutableArray<GivenReplacements> Replaced { get; init; } = [];
}
