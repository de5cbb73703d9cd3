using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using Amazon.S3;

namespace Orchestrator.Checkpoints.S3;

/// <summary>The checksum of one piece of content; at most one of the two is set.</summary>
/// <param name="Md5">MD5, base64.</param>
/// <param name="Crc32">CRC-32, base64 with the first byte the most significant.</param>
internal sealed record Checksum(string? Md5, string? Crc32);

internal static class Checksums
{
    private const int BlockBytes = 1 << 20;

    private static readonly Checksum None = new(null, null);

    public static Checksum Of(byte[] content, S3Checksum kind)
    {
        if (kind == S3Checksum.Signature)
            return None;
        using var sum = new Sum(kind);
        sum.Append(content);
        return sum.Finish();
    }

    /// <summary>Reads a piece of a file.</summary>
    /// <exception cref="IOException">The file cannot be read, or ends too soon.</exception>
    public static Checksum OfFile(string path, long offset, long length, S3Checksum kind)
    {
        if (kind == S3Checksum.Signature)
            return None;
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            using var sum = new Sum(kind);
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            for (var done = 0L; done < length;)
            {
                var read = RandomAccess.Read(
                    file, block.AsSpan(0, (int)Math.Min(BlockBytes, length - done)), offset + done);
                if (read == 0)
                    throw new EndOfStreamException($"{path} ends at {offset + done}, while it is being sent.");
                sum.Append(block.AsSpan(0, read));
                done += read;
            }

            return sum.Finish();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>
    /// False when the answer to an upload contradicts its checksum. With keys of a key service an ETag is no MD5, and
    /// nothing can be said.
    /// </summary>
    public static bool Fits(
        this Checksum checksum, string? etag, string? crc32, ServerSideEncryptionMethod? encryption)
    {
        if (checksum.Crc32 is not null)
            return crc32 is null || crc32 == checksum.Crc32;
        var isMd5 = checksum.Md5 is not null
            && encryption?.Value is null or "" or "AES256";
        return !isMd5 || string.Equals(
            etag?.Trim('"'), Convert.ToHexString(Convert.FromBase64String(checksum.Md5!)),
            StringComparison.OrdinalIgnoreCase);
    }

    private sealed class Sum(S3Checksum kind) : IDisposable
    {
        private readonly IncrementalHash? _md5 = kind == S3Checksum.Md5 ? CreateMd5() : null;
        private readonly Crc32 _crc32 = new();

        public void Append(ReadOnlySpan<byte> content)
        {
            if (_md5 is null)
                _crc32.Append(content);
            else
                _md5.AppendData(content);
        }

        public Checksum Finish()
        {
            if (_md5 is not null)
                return new Checksum(Convert.ToBase64String(_md5.GetHashAndReset()), null);
            var crc32 = _crc32.GetCurrentHash();
            Array.Reverse(crc32);
            return new Checksum(null, Convert.ToBase64String(crc32));
        }

        public void Dispose() => _md5?.Dispose();

        // Against accidents on the way, as S3 has it; what content is, its SHA-256 says.
        private static IncrementalHash CreateMd5() => IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    }
}
