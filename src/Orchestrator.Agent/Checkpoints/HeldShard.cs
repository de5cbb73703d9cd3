using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>A shard in this host's memory, and where else it is.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Step">The step after which it was saved.</param>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="ShardsExpected">How many ranks write a shard of its checkpoint.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Store">The job's store, where it is to go in the end.</param>
internal sealed record HeldShard(
    string JobId, ulong Step, uint Attempt, uint ShardsExpected, StoredShard Shard, string Store)
{
    /// <summary>
    /// It is of a rank of this host, which tells of it and brings it to the store; otherwise a copy for another host.
    /// </summary>
    public bool IsOwn { get; init; }

    /// <summary>For how long the save held its rank up, in milliseconds; 0 where it was not measured.</summary>
    public uint SaveMs { get; init; }

    /// <summary>Who is to hold a second copy; null where the gang has no other host.</summary>
    public ShardHolder? Partner { get; init; }

    /// <summary>Who holds a second copy; null while nobody does.</summary>
    public ShardHolder? Replica { get; init; }

    /// <summary>Why nobody holds a second copy; null while somebody does or still may.</summary>
    public CheckpointFault? Unreplicated { get; init; }

    /// <summary>What is wrong with every copy that this host knows of; null while one may be good.</summary>
    public CheckpointFault? Damage { get; init; }

    /// <summary>It is in the store, and was read back from there.</summary>
    public bool IsDurable { get; init; }

    /// <summary>What the partner was asked for has come to an end.</summary>
    public bool IsReplicationSettled => Unreplicated is not null || (Replica is not null && Replica == Partner);
}

/// <summary>An agent that holds shards in its host's memory.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Address">HOST:PORT of its shards.</param>
internal sealed record ShardHolder(string Node, string Address);
