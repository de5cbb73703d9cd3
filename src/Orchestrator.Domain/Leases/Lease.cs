using System.Collections.Immutable;
using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Leases;

/// <summary>A node's promise to one job, and all that the node knows of that job.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.Lease")]
public sealed record Lease
{
    /// <summary>The job.</summary>
    [Id(0)] public required string Job { get; init; }

    /// <summary>Rises with every lease of this node; agents refuse lower ones.</summary>
    [Id(1)] public required long Number { get; init; }

    /// <summary>How long ranks live without a renewal by their agent.</summary>
    [Id(2)] public required TimeSpan Duration { get; init; }

    /// <summary>Where it is in its life.</summary>
    [Id(3)] public LeasePhase Phase { get; init; }

    /// <summary>The newest attempt ordered on it; 0 before the first.</summary>
    [Id(4)] public int Attempt { get; init; }

    /// <summary>The newest order, kept until the next one.</summary>
    [Id(5)] public NodeOrder? Order { get; init; }

    /// <summary>The agent has confirmed <see cref="Order"/>.</summary>
    [Id(6)] public bool IsOrderConfirmed { get; init; }

    /// <summary>The agent's refusal of <see cref="Order"/>; null when it accepted or has not answered.</summary>
    [Id(7)] public Reason? OrderRefusal { get; init; }

    /// <summary>Answer to the newest prepare; null before it.</summary>
    [Id(8)] public Preparation? Preparation { get; init; }

    /// <summary>Ranks of the newest attempt.</summary>
    [Id(9)] public ImmutableArray<RankStatus> Ranks { get; init; } = [];

    /// <summary>No process of this attempt or an earlier one is left; 0 before the first stop.</summary>
    [Id(10)] public int StoppedAttempt { get; init; }

    /// <summary>Shards that the job has not acknowledged.</summary>
    [Id(11)] public ImmutableArray<ShardReport> Shards { get; init; } = [];

    /// <summary>Rises with every change that the job must hear of.</summary>
    [Id(12)] public long NewsVersion { get; init; }

    /// <summary>The newest version that the job acknowledged.</summary>
    [Id(13)] public long AcknowledgedVersion { get; init; }

    /// <summary>When the newest news reached the control plane.</summary>
    [Id(14)] public DateTimeOffset NewsAt { get; init; }

    /// <summary>What its newest attempt could not restore; null while nothing failed.</summary>
    [Id(15)] public RestoreFault? RestoreFault { get; init; }

    /// <summary>The job has not heard all of it yet.</summary>
    public bool HasNews => NewsVersion > AcknowledgedVersion;
}
