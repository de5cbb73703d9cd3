using System.Collections.Immutable;
using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Leases;

/// <summary>All that a node knows of a job's lease: the newest report replaces every older one.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.LeaseReport")]
public sealed record LeaseReport
{
    /// <summary>The node.</summary>
    [Id(0)] public required string Node { get; init; }

    /// <summary>The lease.</summary>
    [Id(1)] public required long LeaseNumber { get; init; }

    /// <summary>Rises with every change; an older report is dropped.</summary>
    [Id(2)] public required long Version { get; init; }

    /// <summary>Where the node is in its life.</summary>
    [Id(3)] public required NodePhase Phase { get; init; }

    /// <summary>Why.</summary>
    [Id(4)] public required Reason Reason { get; init; }

    /// <summary>The agent's stream is open and fresh.</summary>
    [Id(5)] public required bool IsConnected { get; init; }

    /// <summary>The lease cannot be used any more: the node is lost or unfit.</summary>
    [Id(6)] public required bool IsRevoked { get; init; }

    /// <summary>Answer to the newest prepare.</summary>
    [Id(7)] public Preparation? Preparation { get; init; }

    /// <summary>Ranks of the newest attempt on this node.</summary>
    [Id(8)] public ImmutableArray<RankStatus> Ranks { get; init; } = [];

    /// <summary>No process of this attempt or an earlier one is left.</summary>
    [Id(9)] public int StoppedAttempt { get; init; }

    /// <summary>Shards not acknowledged before.</summary>
    [Id(10)] public ImmutableArray<ShardReport> Shards { get; init; } = [];

    /// <summary>The agent's refusal of the newest order.</summary>
    [Id(11)] public Reason? OrderRefusal { get; init; }

    /// <summary>When the newest news in it reached the control plane.</summary>
    [Id(12)] public required DateTimeOffset NewsAt { get; init; }

    /// <summary>
    /// What keeps new work from the node although it is fit, or that the job is to move; null when nothing does.
    /// </summary>
    [Id(13)] public Cordon? Cordon { get; init; }

    /// <summary>What an attempt could not restore on the node; null while nothing failed.</summary>
    [Id(14)] public RestoreFault? RestoreFault { get; init; }
}
