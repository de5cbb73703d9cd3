using Orchestrator.Checkpoints.Durable;

namespace Orchestrator.Checkpoints.S3;

/// <summary>Checkpoints in a bucket: the tier that outlives the hosts.</summary>
/// <remarks>
/// A file lies at <c>prefix/job/step-00000010/attempt-1/rank-0-1f2e3d4c/file</c> and is never written twice; a manifest
/// at <c>prefix/job/manifests/step-00000010-attempt-1.json</c>. What goes wrong comes back as a fault that names bucket
/// and object, after tries for about 12 s where it may pass (answers 5xx and 429, broken connections, 60 s without a
/// byte); only a cancellation throws. All methods may run at the same time, and share bandwidth and concurrency. Memory
/// does not grow with the size of files.
/// </remarks>
public sealed class S3CheckpointStore : IDurableStore
{
    private readonly S3Connection _connection;

    /// <summary>Opens the store; nothing is asked yet.</summary>
    /// <param name="options">Where it is and how it is used.</param>
    /// <param name="ofHost">The bound that the stores of this host share, beside this one's own; null for none.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">The options have a problem; the message says which.</exception>
    public S3CheckpointStore(S3StoreOptions options, BandwidthLimiter? ofHost = null, TimeProvider? time = null)
        : this(options, ofHost, new S3Surroundings { Time = time ?? TimeProvider.System })
    {
    }

    internal S3CheckpointStore(S3StoreOptions options, BandwidthLimiter? ofHost, S3Surroundings surroundings)
    {
        if (options.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        _connection = new S3Connection(
            options, new BandwidthLimiter(options.BytesPerSecond, surroundings.Time, ofHost), surroundings);
    }

    /// <summary>Writes, reads and deletes a small object, and finds out what the store understands.</summary>
    /// <param name="options">Where it is. Path style and checksum are tried out, and may be left out.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// The options with the path style and the checksum that work, or the fault: store_no_bucket,
    /// store_access_denied, store_no_credentials, store_wrong_region, store_clock_skew, store_unreachable,
    /// store_failing, store_refused, store_unchecked, or shard_hash_differs when content came back altered.
    /// </returns>
    public static Task<StoreAnswer<S3StoreOptions>> ProbeAsync(
        S3StoreOptions options, CancellationToken cancellationToken = default) =>
        ProbeFromAsync(new S3Surroundings { Retries = RetryLimits.Probe }, options, cancellationToken);

    /// <summary>Sends a shard's files, large ones in parts, each with a checksum that the store compares.</summary>
    /// <param name="jobId">The job; one path segment.</param>
    /// <param name="shard">The sealed shard.</param>
    /// <param name="directory">Where its files are on this host.</param>
    /// <param name="recordPath">
    /// A file that remembers what was done, outside of <paramref name="directory"/> and in a directory that exists.
    /// After a fault, a cancellation or a crash the same call goes on from it; success deletes it. A lost record costs
    /// only time.
    /// </param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when every file is stored, or the fault. <see cref="ReadBackAsync"/> gives the proof.</returns>
    public Task<CheckpointFault?> UploadShardAsync(
        string jobId, StoredShard shard, string directory, string recordPath,
        CancellationToken cancellationToken = default) =>
        StoreFaultException.CatchAsync(async () =>
        {
            var record = UploadRecord.Open(recordPath);
            await new S3Upload(_connection).RunAsync(jobId, shard, directory, record, cancellationToken);
            record.Delete();
        });

    /// <summary>Reads a shard's objects and compares sizes and SHA-256 with its manifest.</summary>
    /// <param name="jobId">The job; one path segment.</param>
    /// <param name="shard">The shard as its manifest has it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// Null when everything matches, or a fault: shard_missing, shard_size_differs, shard_hash_differs,
    /// manifest_path_outside, or one of the store's.
    /// </returns>
    public Task<CheckpointFault?> ReadBackAsync(
        string jobId, StoredShard shard, CancellationToken cancellationToken = default) =>
        StoreFaultException.CatchAsync(() => new S3ReadBack(_connection).RunAsync(jobId, shard, cancellationToken));

    /// <summary>Fetches a shard's files and compares sizes and SHA-256 with its manifest.</summary>
    /// <param name="jobId">The job; one path segment.</param>
    /// <param name="shard">The shard as its manifest has it.</param>
    /// <param name="targetDirectory">
    /// Where they shall be; missing or empty. It gets its name when everything is there and right; until then the files
    /// are in the same path with ".incoming" behind it, which is emptied before and after. Files are not synced.
    /// </param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// Null when the directory is whole, or a fault as of <see cref="ReadBackAsync"/>, target_not_empty,
    /// target_full or target_unwritable.
    /// </returns>
    public Task<CheckpointFault?> DownloadShardAsync(
        string jobId, StoredShard shard, string targetDirectory, CancellationToken cancellationToken = default) =>
        StoreFaultException.CatchAsync(
            () => new S3Download(_connection).RunAsync(jobId, shard, targetDirectory, cancellationToken),
            "target_unwritable");

    /// <summary>Writes a checkpoint's manifest; the checkpoint's shards should be stored before.</summary>
    /// <param name="checkpoint">The committed checkpoint.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when it is stored, or the fault.</returns>
    public Task<CheckpointFault?> PutManifestAsync(
        StoredCheckpoint checkpoint, CancellationToken cancellationToken = default) =>
        StoreFaultException.CatchAsync(() => new S3Catalogue(_connection).PutAsync(checkpoint, cancellationToken));

    /// <summary>Reads every manifest of a job.</summary>
    /// <param name="jobId">The job; one path segment.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// The checkpoints by step and attempt. With the fault manifest_unreadable, all but those that could not be read.
    /// </returns>
    public async Task<StoreAnswer<IReadOnlyList<StoredCheckpoint>>> ListManifestsAsync(
        string jobId, CancellationToken cancellationToken = default)
    {
        var found = new List<StoredCheckpoint>();
        var fault = await StoreFaultException.CatchAsync(
            () => new S3Catalogue(_connection).ListAsync(jobId, found, cancellationToken));
        return new StoreAnswer<IReadOnlyList<StoredCheckpoint>>(found, fault);
    }

    /// <summary>
    /// Deletes the job's manifests and shards of steps below the newest kept checkpoint's, unless they are kept. Steps
    /// at or above it are never touched, nor what a later attempt wrote. Uploads that were not completed count as
    /// shards here, and are ended by the same rule.
    /// </summary>
    /// <param name="jobId">The job; one path segment.</param>
    /// <param name="attempt">The attempt that asks.</param>
    /// <param name="kept">The checkpoints to keep. With none, nothing is deleted.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many shards were deleted.</returns>
    public async Task<StoreAnswer<int>> CollectAsync(
        string jobId, int attempt, IReadOnlyList<StoredCheckpoint> kept, CancellationToken cancellationToken = default)
    {
        var deleted = new HashSet<string>(StringComparer.Ordinal);
        var fault = kept.Count == 0 ? null : await StoreFaultException.CatchAsync(
            () => new S3Collection(_connection).RunAsync(jobId, attempt, kept, deleted, cancellationToken));
        return new StoreAnswer<int>(deleted.Count, fault);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _connection.Dispose();

    internal static async Task<StoreAnswer<S3StoreOptions>> ProbeFromAsync(
        S3Surroundings surroundings, S3StoreOptions options, CancellationToken cancellationToken)
    {
        if (options.Problem() is { } problem)
            return new StoreAnswer<S3StoreOptions>(null, new CheckpointFault("store_options_wrong", problem));
        S3StoreOptions? found = null;
        var fault = await StoreFaultException.CatchAsync(
            async () => found = await S3Probe.RunAsync(options, surroundings, cancellationToken));
        return new StoreAnswer<S3StoreOptions>(found, fault);
    }
}
