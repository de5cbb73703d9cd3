using System.Buffers;

namespace Orchestrator.Checkpoints.Durable;

/// <summary>
/// Copies a shard from one folder to another, and compares it with its manifest on the way. It grows beside its place,
/// and takes the name of the place when it is whole.
/// </summary>
public static class ShardCopy
{
    /// <summary>What a directory is called behind its name while it grows.</summary>
    public const string Incoming = ".incoming";

    private const int BlockBytes = 1 << 20;

    /// <summary>Copies it.</summary>
    /// <param name="shard">The shard as its manifest has it.</param>
    /// <param name="source">Its directory.</param>
    /// <param name="target">Where it shall be; must not exist.</param>
    /// <param name="isSynced">Whether each file is on the disk before the target has its name.</param>
    /// <param name="unwritable">The code for a target that cannot be written.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when the target is whole, or the fault.</returns>
    public static async Task<CheckpointFault?> RunAsync(
        StoredShard shard, string source, string target, bool isSynced, string unwritable,
        CancellationToken cancellationToken)
    {
        var incoming = target + Incoming;
        try
        {
            Clear(incoming);
            Directory.CreateDirectory(incoming);
            foreach (var file in shard.Files)
            {
                var fault = await CopyAsync(
                    Path.Combine(source, file.Name), Path.Combine(incoming, file.Name), file, isSynced,
                    cancellationToken);
                if (fault is not null)
                    return fault;
            }

            Directory.Move(incoming, target);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CheckpointFault(unwritable, $"{target} could not be written: {exception.Message}");
        }
        finally
        {
            TryClear(incoming);
        }
    }

    private static async Task<CheckpointFault?> CopyAsync(
        string from, string to, StoredFile expected, bool isSynced, CancellationToken cancellationToken)
    {
        Stream source;
        try
        {
            source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new CheckpointFault("shard_missing", $"{from} is in the manifest but not there.");
        }

        await using (source)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            using var target = File.OpenHandle(to, FileMode.CreateNew, FileAccess.Write);
            using var check = new CopyCheck(expected);
            // A file system of memory gives huge pages to what it knows the size of.
            RandomAccess.SetLength(target, expected.SizeBytes);
            var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
            try
            {
                int read;
                while ((read = await source.ReadAsync(block, cancellationToken)) > 0)
                {
                    RandomAccess.Write(target, block.AsSpan(0, read), check.Size);
                    check.Append(block.AsSpan(0, read));
                }

                if (isSynced)
                    RandomAccess.FlushToDisk(target);
                return check.Finish(from);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(block);
            }
        }
    }

    private static void Clear(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }

    private static void TryClear(string directory)
    {
        try
        {
            Clear(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next try clears it.
        }
    }
}
