namespace Orchestrator.Checkpoints;

internal static class ManifestCheck
{
    public static async Task<CheckpointFault?> VerifyAsync(
        string jobFolder, StoredCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        if (checkpoint.Shards.Count == 0)
            return new CheckpointFault("manifest_empty", $"The checkpoint of step {checkpoint.Step} lists no shard.");
        if (checkpoint.Shards.FirstOrDefault(shard => shard.Files.Count == 0) is { } bare)
        {
            return new CheckpointFault("manifest_empty",
                $"The checkpoint of step {checkpoint.Step} lists no file of rank {bare.Rank}'s shard.");
        }

        var files = checkpoint.Shards
            .SelectMany(shard => shard.Files.Select(file => (Path: Path.Combine(shard.Path, file.Name), File: file)))
            .ToArray();
        var faults = new CheckpointFault?[files.Length];
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = CheckpointLimits.ParallelFiles,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(0, files.Length, options, async (index, token) =>
            faults[index] = await CheckAsync(jobFolder, files[index].Path, files[index].File, token));
        return faults.FirstOrDefault(fault => fault is not null)
            ?? checkpoint.Shards.Select(shard => Strangers.Find(jobFolder, shard)).FirstOrDefault(
                fault => fault is not null);
    }

    private static async Task<CheckpointFault?> CheckAsync(
        string jobFolder, string relative, StoredFile expected, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(Path.Combine(jobFolder, relative));
        if (!path.StartsWith(Path.GetFullPath(jobFolder) + '/', StringComparison.Ordinal))
            return new CheckpointFault("manifest_path_outside", $"The manifest names {relative}, outside its job.");
        try
        {
            var length = new FileInfo(path).Length;
            if (length != expected.SizeBytes)
            {
                return new CheckpointFault("shard_size_differs",
                    $"{path} holds {length} bytes; its manifest says {expected.SizeBytes}.");
            }

            return await FileContent.CompareAsync(path, expected, cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new CheckpointFault("shard_missing", $"{path} is in the manifest but not in the store.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CheckpointFault("shard_unreadable", $"{path} could not be read: {exception.Message}");
        }
    }
}
