namespace Orchestrator.Checkpoints.Durable;

/// <summary>
/// The store is a folder that every host sees, with the layout of <see cref="FolderCheckpointStore"/>: what was saved
/// into memory lies in it as what ranks write themselves.
/// </summary>
internal sealed class FolderDurableStore(string root) : IDurableStore
{
    private readonly FolderCheckpointStore _folder = new(root);

    public Task<CheckpointFault?> UploadShardAsync(
        string jobId, StoredShard shard, string directory, string recordPath,
        CancellationToken cancellationToken = default) => Task.Run(async () =>
        {
            var target = _folder.PathOf(jobId, shard.Path);
            if (Directory.Exists(target))
                return null;
            var fault = await ShardCopy.RunAsync(
                shard, directory, target, isSynced: true, "store_unwritable", cancellationToken);
            if (fault is null)
                DurableFile.SyncDirectories(target, root);
            return fault;
        }, cancellationToken);

    public Task<CheckpointFault?> ReadBackAsync(
        string jobId, StoredShard shard, CancellationToken cancellationToken = default) =>
        _folder.VerifyAsync(new StoredCheckpoint(jobId, 0, 0, [shard]), cancellationToken);

    public Task<CheckpointFault?> DownloadShardAsync(
        string jobId, StoredShard shard, string targetDirectory, CancellationToken cancellationToken = default) =>
        Task.Run(() => ShardCopy.RunAsync(
            shard, _folder.PathOf(jobId, shard.Path), targetDirectory, isSynced: false, "target_unwritable",
            cancellationToken), cancellationToken);

    // The control plane keeps the manifests; a folder has never had any of its own.
    public Task<CheckpointFault?> PutManifestAsync(
        StoredCheckpoint checkpoint, CancellationToken cancellationToken = default) =>
        Task.FromResult<CheckpointFault?>(null);

    public Task<StoreAnswer<int>> CollectAsync(
        string jobId, int attempt, IReadOnlyList<StoredCheckpoint> kept,
        CancellationToken cancellationToken = default) => Task.Run(() =>
        {
            try
            {
                return new StoreAnswer<int>(_folder.Retain(jobId, attempt, kept), null);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return new StoreAnswer<int>(0, new CheckpointFault("store_unwritable", exception.Message));
            }
        }, cancellationToken);

    public void Dispose()
    {
    }
}
