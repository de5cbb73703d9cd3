namespace Orchestrator.Checkpoints;

/// <summary>A place where the checkpoints of jobs are kept.</summary>
public interface ICheckpointStore
{
    /// <summary>Makes a new, empty directory for one rank's part of a checkpoint.</summary>
    /// <param name="writer">Who writes, and of which step.</param>
    /// <returns>Absolute path of the directory; no other call ever returns the same one.</returns>
    /// <exception cref="IOException">The store cannot be written.</exception>
    string Begin(ShardWriter writer);

    /// <summary>Syncs a shard to its disk, reads it back from there and hashes it.</summary>
    /// <param name="writer">The writer that was given to <see cref="Begin"/>.</param>
    /// <param name="directory">The directory that <see cref="Begin"/> returned.</param>
    /// <param name="cancellationToken">Ends the work; the shard then counts as not sealed.</param>
    /// <returns>The shard with its files and hashes, or the fault.</returns>
    Task<SealResult> SealAsync(ShardWriter writer, string directory, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads every file of a checkpoint and compares it with the manifest; also finds files that are not in it.
    /// </summary>
    /// <param name="checkpoint">The manifest.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The first fault in the manifest's order, or null when everything matches.</returns>
    Task<CheckpointFault?> VerifyAsync(StoredCheckpoint checkpoint, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes the job's shards of steps below the newest kept checkpoint's, unless a kept checkpoint lists them.
    /// Steps at or above it are never touched: a rank may be writing them. Nor is what a later attempt wrote: a late
    /// order of an attempt that is over knows nothing of it.
    /// </summary>
    /// <param name="jobId">The job; one path segment.</param>
    /// <param name="attempt">The attempt that asks.</param>
    /// <param name="kept">The checkpoints to keep. With none, nothing is deleted.</param>
    /// <returns>How many shards were deleted.</returns>
    int Retain(string jobId, int attempt, IReadOnlyList<StoredCheckpoint> kept);

    /// <summary>Absolute path of a shard.</summary>
    /// <param name="jobId">The job; one path segment.</param>
    /// <param name="shardPath">The shard's path as its manifest has it.</param>
    /// <returns>The path; nothing is said about whether it exists.</returns>
    string PathOf(string jobId, string shardPath);
}
