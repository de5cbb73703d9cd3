namespace Orchestrator.Checkpoints;

internal static class ShardSeal
{
    public static async Task<SealResult> SealAsync(
        string directory, string jobFolder, int rank, Func<CancellationToken, Task>? pause,
        CancellationToken cancellationToken)
    {
        try
        {
            return await SealFilesAsync(directory, jobFolder, rank, pause, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The writer may have removed a file meanwhile, or the disk is broken: either way it is not stored.
            return Refuse("shard_unreadable", $"The shard in {directory} could not be sealed: {exception.Message}");
        }
    }

    private static async Task<SealResult> SealFilesAsync(
        string directory, string jobFolder, int rank, Func<CancellationToken, Task>? pause,
        CancellationToken cancellationToken)
    {
        var entries = new DirectoryInfo(directory).GetFileSystemInfos("*", SearchOption.AllDirectories);
        if (entries.FirstOrDefault(entry => entry.LinkTarget is not null) is { } link)
            return Refuse("shard_has_link", $"{link.FullName} is a link; a shard holds its own files only.");
        var paths = entries.OfType<FileInfo>().Select(file => file.FullName).Order(StringComparer.Ordinal).ToArray();
        if (paths.Length == 0)
            return Refuse("shard_empty", $"The shard in {directory} holds no file; write before the commit.");
        if (paths.Length > CheckpointLimits.FilesPerShard)
        {
            return Refuse("shard_too_many_files",
                $"The shard in {directory} holds {paths.Length} files; the limit is {CheckpointLimits.FilesPerShard}.");
        }

        var files = new StoredFile[paths.Length];
        await Parallel.ForAsync(0, paths.Length, Options(cancellationToken), async (index, token) =>
        {
            DurableFile.SyncAndEvict(paths[index]);
            files[index] = await FileContent.SealAsync(
                paths[index], Path.GetRelativePath(directory, paths[index]), pause, token);
        });
        SyncDirectories(directory, jobFolder, entries);
        return new SealResult(new StoredShard(rank, Path.GetRelativePath(jobFolder, directory), files), null);
    }

    private static void SyncDirectories(string directory, string jobFolder, FileSystemInfo[] entries)
    {
        foreach (var inner in entries.OfType<DirectoryInfo>())
            DurableFile.SyncDirectory(inner.FullName);
        var root = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(jobFolder))!;
        DurableFile.SyncDirectories(directory, root);
    }

    private static ParallelOptions Options(CancellationToken cancellationToken) => new()
    {
        MaxDegreeOfParallelism = CheckpointLimits.ParallelFiles,
        CancellationToken = cancellationToken,
    };

    private static SealResult Refuse(string code, string sentence) => new(null, new CheckpointFault(code, sentence));
}
