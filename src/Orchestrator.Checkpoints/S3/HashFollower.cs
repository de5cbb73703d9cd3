using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Checkpoints.S3;

/// <summary>
/// Hashes a file whose parts arrive in any order: each part as soon as all before it are there, by whoever brought the
/// missing one. So hashing goes on beside the transfer, over bytes that are still in the page cache.
/// </summary>
internal sealed class HashFollower(SafeFileHandle file, long size, long partBytes) : IDisposable
{
    private const int BlockBytes = 256 << 10;
    private readonly Lock _gate = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly HashSet<long> _arrived = [];
    private long _next;
    private bool _busy;

    /// <summary>Says that a part is in the file.</summary>
    /// <param name="index">Which one, from 0.</param>
    public void Arrived(long index)
    {
        lock (_gate)
        {
            _arrived.Add(index);
            if (_busy)
                return;
            _busy = true;
        }

        while (TakeNext() is { } next)
            Hash(next * partBytes, Math.Min((next + 1) * partBytes, size));
    }

    /// <summary>The SHA-256 of the file, lower-case hex, after its last part has arrived.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private long? TakeNext()
    {
        lock (_gate)
        {
            _busy = _arrived.Remove(_next);
            return _busy ? _next++ : null;
        }
    }

    private void Hash(long from, long to)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        for (var at = from; at < to;)
        {
            var read = RandomAccess.Read(file, block.AsSpan(0, (int)Math.Min(block.Length, to - at)), at);
            if (read == 0)
                throw new EndOfStreamException($"The downloaded file ends at {at}; somebody else cut it.");
            _hash.AppendData(block, 0, read);
            at += read;
        }

        ArrayPool<byte>.Shared.Return(block);
    }
}
