using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Checkpoints.S3;

/// <summary>
/// Hashes a file beside the transfer that fills it. What arrives in order is hashed as it arrives; what arrives too
/// early is read from the file, where it is still in memory, as soon as all before it is there.
/// </summary>
internal sealed class HashFollower(SafeFileHandle file, long size, long partBytes) : IDisposable
{
    private const int BlockBytes = 256 << 10;
    private readonly Lock _gate = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly HashSet<long> _arrived = [];
    private long _hashed;
    private bool _busy;

    /// <summary>Takes content that was written to the file.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="position">Where they are in the file.</param>
    public void Take(ReadOnlySpan<byte> content, long position)
    {
        lock (_gate)
        {
            if (_busy || position != _hashed)
                return;
            _busy = true;
        }

        _hash.AppendData(content);
        Advance(position + content.Length);
    }

    /// <summary>Says that a whole part is in the file; hashes what nobody else does or will.</summary>
    /// <param name="index">Which one, from 0.</param>
    public void Arrived(long index)
    {
        lock (_gate)
            _arrived.Add(index);
        while (TryBegin() is { } range)
        {
            Hash(range.From, range.To);
            Advance(range.To);
        }
    }

    /// <summary>The SHA-256 of the file, lower-case hex, after its last part has arrived.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    // Whoever is busy belongs to a part that has still to arrive, or looks here again.
    private (long From, long To)? TryBegin()
    {
        lock (_gate)
        {
            var part = _hashed / partBytes;
            if (_busy || _hashed == size || !_arrived.Contains(part))
                return null;
            _busy = true;
            return (_hashed, Math.Min((part + 1) * partBytes, size));
        }
    }

    private void Advance(long hashed)
    {
        lock (_gate)
        {
            _hashed = hashed;
            _busy = false;
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
