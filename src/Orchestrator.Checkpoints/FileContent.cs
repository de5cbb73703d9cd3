using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;

namespace Orchestrator.Checkpoints;

/// <summary>Reads a file to its end, to hash it or to compare it.</summary>
internal static class FileContent
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Reads what a manifest is to say of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">Its name in its shard.</param>
    /// <param name="pause">Waited for after each block; null where nothing is.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<StoredFile> SealAsync(
        string path, string name, Func<CancellationToken, Task>? pause, CancellationToken cancellationToken)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var fast = new XxHash128();
        var size = await ReadAsync(
            path,
            content =>
            {
                sha256.AppendData(content);
                fast.Append(content);
            },
            pause, cancellationToken);
        return new StoredFile(name, size, Convert.ToHexStringLower(sha256.GetHashAndReset()))
        {
            Xxh128 = Convert.ToHexStringLower(fast.GetHashAndReset()),
        };
    }

    /// <summary>Compares a file with what its manifest says.</summary>
    /// <returns>Null when it is the same.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<CheckpointFault?> CompareAsync(
        string path, StoredFile expected, CancellationToken cancellationToken)
    {
        using var check = new CopyCheck(expected);
        await ReadAsync(path, check.Append, null, cancellationToken);
        return check.Finish(path);
    }

    private static async Task<long> ReadAsync(
        string path, Action<ReadOnlySpan<byte>> take, Func<CancellationToken, Task>? pause,
        CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            long size = 0;
            int read;
            while ((read = await RandomAccess.ReadAsync(file, block, size, cancellationToken)) > 0)
            {
                take(block.AsSpan(0, read));
                size += read;
                if (pause is not null)
                    await pause(cancellationToken);
            }

            return size;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
