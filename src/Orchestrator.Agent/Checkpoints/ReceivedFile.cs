using System.Buffers;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Writes a file that arrives, and compares it with its manifest on the way.</summary>
internal static class ReceivedFile
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Writes a file to the end of what is read.</summary>
    /// <param name="path">The file; must not exist. Null: it is only compared.</param>
    /// <param name="expected">What its manifest says of it.</param>
    /// <param name="what">The copy, for the sentence of a fault.</param>
    /// <param name="read">Gives the next bytes; 0 at the end.</param>
    /// <param name="stall">How long no byte may come.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when all has come as the manifest says.</returns>
    /// <exception cref="IOException">It cannot be written, or nothing came for too long.</exception>
    public static async Task<CheckpointFault?> WriteAsync(
        string? path, StoredFile expected, string what, Func<Memory<byte>, CancellationToken, ValueTask<int>> read,
        TimeSpan stall, CancellationToken cancellationToken)
    {
        using var file = path is null ? null : File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        using var check = new CopyCheck(expected);
        // A file system of memory gives huge pages to what it knows the size of.
        if (file is not null)
            RandomAccess.SetLength(file, expected.SizeBytes);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            // One byte more than there should be shows the difference.
            while (check.Size <= expected.SizeBytes)
            {
                deadline.CancelAfter(stall);
                var count = await read(block, deadline.Token);
                if (count == 0)
                    break;
                if (file is not null)
                    RandomAccess.Write(file, block.AsSpan(0, count), check.Size);
                check.Append(block.AsSpan(0, count));
            }

            return check.Finish(what);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpIOException(
                HttpRequestError.ResponseEnded, $"no byte came for {stall.TotalSeconds:F0} s");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
