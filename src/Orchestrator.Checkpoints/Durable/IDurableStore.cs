namespace Orchestrator.Checkpoints.Durable;

/// <summary>
/// The tier that outlives the hosts: shards go there from a host's memory, and come back to one. What goes wrong comes
/// back as a fault; only a cancellation throws.
/// </summary>
public interface IDurableStore : IDisposable
{
    /// <summary>Copies a shard's files there.</summary>
    /// <param name="jobId">The job; one path segment.</param>
    /// <param name="shard">The sealed shard.</param>
    /// <param name="directory">Where its files are on this host.</param>
    /// <param name="recordPath">
    /// A file that remembers what was done, so that the same call goes on after a fault, a cancellation or a crash;
    /// success deletes it. A lost record costs only time.
    /// </param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when every file is stored, or the fault. <see cref="ReadBackAsync"/> gives the proof.</returns>
    Task<CheckpointFault?> UploadShardAsync(
        string jobId, StoredShard shard, string directory, string recordPath,
        CancellationToken cancellationToken = default);

    /// <summary>Reads a shard there and compares it with its manifest.</summary>
    /// <param name="jobId">The job; one path segment.</param>
    /// <param name="shard">The shard as its manifest has it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when everything matches, or the fault.</returns>
    Task<CheckpointFault?> ReadBackAsync(
        string jobId, StoredShard shard, CancellationToken cancellationToken = default);

    /// <summary>Fetches a shard's files and compares them with its manifest.</summary>
    /// <param name="jobId">The job; one path segment.</param>
    /// <param name="shard">The shard as its manifest has it.</param>
    /// <param name="targetDirectory">Where they shall be; it gets its name when everything is there and right.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when the directory is whole, or the fault.</returns>
    Task<CheckpointFault?> DownloadShardAsync(
        string jobId, StoredShard shard, string targetDirectory, CancellationToken cancellationToken = default);

    /// <summary>Writes a checkpoint's manifest; the checkpoint's shards should be stored before.</summary>
    /// <param name="checkpoint">The committed checkpoint.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when it is stored, or the fault.</returns>
    Task<CheckpointFault?> PutManifestAsync(
        StoredCheckpoint checkpoint, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes the job's shards of steps below the newest kept checkpoint's, unless they are kept. Steps at or above it
    /// are never touched, nor what a later attempt wrote.
    /// </summary>
    /// <param name="jobId">The job; one path segment.</param>
    /// <param name="attempt">The attempt that asks.</param>
    /// <param name="kept">The checkpoints to keep. With none, nothing is deleted.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many shards were deleted.</returns>
    Task<StoreAnswer<int>> CollectAsync(
        string jobId, int attempt, IReadOnlyList<StoredCheckpoint> kept, CancellationToken cancellationToken = default);
}
