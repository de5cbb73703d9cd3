using System.Buffers;
using System.Security.Cryptography;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Writes what arrives, and hashes it beside.</summary>
internal static class ReceivedFile
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Writes a file to the end of what is read.</summary>
    /// <param name="path">The file; must not exist. Null: only its hash is wanted.</param>
    /// <param name="most">Bytes that are taken at most, and one more, so that the difference shows.</param>
    /// <param name="read">Gives the next bytes; 0 at the end.</param>
    /// <param name="stall">How long no byte may come.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">It cannot be written, or nothing came for too long.</exception>
    public static async Task<(long Size, string Sha256)> WriteAsync(
        string? path, long most, Func<Memory<byte>, CancellationToken, ValueTask<int>> read, TimeSpan stall,
        CancellationToken cancellationToken)
    {
        using var file = path is null ? null : File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            long size = 0;
            while (size <= most)
            {
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                deadline.CancelAfter(stall);
                var count = await ReadAsync(block, read, deadline, stall, cancellationToken);
                if (count == 0)
                    break;
                hash.AppendData(block, 0, count);
                if (file is not null)
                    RandomAccess.Write(file, block.AsSpan(0, count), size);
                size += count;
            }

            return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static async ValueTask<int> ReadAsync(
        byte[] block, Func<Memory<byte>, CancellationToken, ValueTask<int>> read, CancellationTokenSource deadline,
        TimeSpan stall, CancellationToken cancellationToken)
    {
        try
        {
            return await read(block, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpIOException(
                HttpRequestError.ResponseEnded, $"no byte came for {stall.TotalSeconds:F0} s");
        }
    }
}
