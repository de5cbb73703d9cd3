using System.Buffers;
using System.Security.Cryptography;

namespace Orchestrator.Checkpoints;

internal static class FileHash
{
    private const int BlockBytes = 1 << 20;

    public static async Task<(long SizeBytes, string Sha256)> ReadAsync(
        string path, Func<CancellationToken, Task>? pause, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            long size = 0;
            int read;
            while ((read = await RandomAccess.ReadAsync(file, block, size, cancellationToken)) > 0)
            {
                hash.AppendData(block, 0, read);
                size += read;
                if (pause is not null)
                    await pause(cancellationToken);
            }

            return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
