namespace Orchestrator.Checkpoints;

/// <summary>One file of a shard, as it was read back after the write.</summary>
/// <param name="Name">Path relative to the shard's directory, with '/' between parts.</param>
/// <param name="SizeBytes">Length of the content.</param>
/// <param name="Sha256">SHA-256 of the content, lower-case hex.</param>
public sealed record StoredFile(string Name, long SizeBytes, string Sha256)
{
    /// <summary>
    /// XXH3 of 128 bits of the content, lower-case hex; empty where only the other is known. It tells damage as surely,
    /// though not forgery, and costs a tenth: copies that do not come from S3 are compared by it.
    /// </summary>
    public string Xxh128 { get; init; } = "";
}

/// <summary>What one rank wrote of one checkpoint.</summary>
/// <param name="Rank">The rank that wrote it.</param>
/// <param name="Path">Path relative to the job's folder in the store. Never rewritten.</param>
/// <param name="Files">Every file of the shard.</param>
public sealed record StoredShard(int Rank, string Path, IReadOnlyList<StoredFile> Files);

/// <summary>A committed checkpoint: all shards that its ranks wrote at one step.</summary>
/// <param name="JobId">The job it belongs to.</param>
/// <param name="Step">The optimizer step after which the state was saved.</param>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="Shards">One shard for each rank that wrote one.</param>
public sealed record StoredCheckpoint(string JobId, long Step, int Attempt, IReadOnlyList<StoredShard> Shards);

/// <summary>Who writes a shard, and of which step.</summary>
/// <param name="JobId">The job; one path segment.</param>
/// <param name="Step">The optimizer step after which the state is saved.</param>
/// <param name="Attempt">The attempt that the rank belongs to.</param>
/// <param name="Rank">The rank that writes.</param>
public sealed record ShardWriter(string JobId, long Step, int Attempt, int Rank);

/// <summary>Why a shard or checkpoint was refused, or what is wrong with it.</summary>
/// <param name="Code">Machine code, e.g. "shard_hash_differs". Stable.</param>
/// <param name="Sentence">One sentence for a person, naming the file.</param>
public sealed record CheckpointFault(string Code, string Sentence);

/// <summary>What came of sealing a shard: exactly one of the two is set.</summary>
/// <param name="Shard">The sealed shard.</param>
/// <param name="Fault">Why it was not sealed.</param>
public sealed record SealResult(StoredShard? Shard, CheckpointFault? Fault);
