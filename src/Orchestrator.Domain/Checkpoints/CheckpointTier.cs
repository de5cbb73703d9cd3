namespace Orchestrator.Domain.Checkpoints;

/// <summary>What a checkpoint survives: the weakest of its shards decides.</summary>
public enum CheckpointTier
{
    /// <summary>Shards are in the memory of one host only: it survives ranks and agents.</summary>
    Local,

    /// <summary>Every shard is in the memory of two hosts, or in the store: it survives one host.</summary>
    Replicated,

    /// <summary>Every shard is in the store: it survives all hosts, and is never lost.</summary>
    Durable,
}
