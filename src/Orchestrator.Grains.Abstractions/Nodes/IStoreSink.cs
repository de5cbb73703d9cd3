using System.Collections.Immutable;
using Orchestrator.Domain;
using Orchestrator.Domain.Checkpoints;

namespace Orchestrator.Grains.Nodes;

/// <summary>What a host can be asked about a store.</summary>
public enum StoreTask
{
    /// <summary>Write, read and delete something small.</summary>
    Probe,

    /// <summary>Read every copy of a checkpoint, and compare it.</summary>
    Verify,

    /// <summary>Write all shards of a checkpoint into a folder of the host.</summary>
    Restore,
}

/// <summary>A question about a store, which a host answers beside its other work.</summary>
/// <param name="Task">What it is asked to do.</param>
/// <param name="Store">The store as the job names it.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.StoreQuestion")]
public sealed record StoreQuestion(StoreTask Task, string Store)
{
    /// <summary>The checkpoint, with the copies that are to be read; null for a probe.</summary>
    [Id(0)] public CheckpointManifest? Manifest { get; init; }

    /// <summary>Where to restore it; empty otherwise.</summary>
    [Id(1)] public string Folder { get; init; } = "";
}

/// <summary>How one copy of a shard was found.</summary>
public enum ShardCopyState
{
    /// <summary>It could not be read: nothing is known of it.</summary>
    Unknown,

    /// <summary>It is as the manifest says.</summary>
    Good,

    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>It is not as the manifest says.</summary>
    Differs,
}

/// <summary>One copy of a shard, as a host found it.</summary>
/// <param name="Rank">Whose shard.</param>
/// <param name="Place">"store", or "memory of NODE".</param>
/// <param name="State">How it is.</param>
/// <param name="Fault">What is wrong with it; null when it is good.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.ShardCopy")]
public sealed record ShardCopyFinding(int Rank, string Place, ShardCopyState State, Reason? Fault);

/// <summary>A part of the answer, or its end.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.StorePart")]
public sealed record StorePart
{
    /// <summary>What was found since the part before.</summary>
    [Id(0)] public ImmutableArray<ShardCopyFinding> Findings { get; init; } = [];

    /// <summary>Findings so far.</summary>
    [Id(1)] public int Done { get; init; }

    /// <summary>All that there will be.</summary>
    [Id(2)] public int Total { get; init; }

    /// <summary>No more will follow.</summary>
    [Id(3)] public bool IsLast { get; init; }

    /// <summary>Why the work could not be done; null when it was.</summary>
    [Id(4)] public Reason? Fault { get; init; }

    /// <summary>Of a probe: the store with the options that work.</summary>
    [Id(5)] public string Store { get; init; } = "";
}

/// <summary>Who asked: an object of the silo that was asked, wherever the agent has its stream.</summary>
[Alias("orchestrator.IStoreSink")]
public interface IStoreSink : IGrainObserver
{
    /// <summary>Takes a part of the answer.</summary>
    /// <param name="part">The part.</param>
    /// <returns>When there is room for the next one.</returns>
    [Alias("Take")]
    Task Take(StorePart part);
}
