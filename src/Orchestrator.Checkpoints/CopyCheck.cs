using System.IO.Hashing;
using System.Security.Cryptography;

namespace Orchestrator.Checkpoints;

/// <summary>Takes in a copy of a file, and compares it with what its manifest says.</summary>
/// <param name="expected">The file as its manifest has it.</param>
public sealed class CopyCheck(StoredFile expected) : IDisposable
{
    private readonly XxHash128? _fast = expected.Xxh128.Length > 0 ? new XxHash128() : null;
    private readonly IncrementalHash? _sha256 =
        expected.Xxh128.Length > 0 ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes that were taken in.</summary>
    public long Size { get; private set; }

    /// <summary>Takes in the next bytes.</summary>
    /// <param name="content">Of the copy.</param>
    public void Append(ReadOnlySpan<byte> content)
    {
        Size += content.Length;
        _fast?.Append(content);
        _sha256?.AppendData(content);
    }

    /// <summary>Compares the whole copy; once.</summary>
    /// <param name="what">The copy, for the sentence.</param>
    /// <returns>Null when it is as the manifest says.</returns>
    public CheckpointFault? Finish(string what)
    {
        if (Size != expected.SizeBytes)
        {
            return new CheckpointFault(
                "shard_size_differs", $"{what} holds {Size} bytes; its manifest says {expected.SizeBytes}.");
        }

        var (name, hash, said) = _fast is not null
            ? ("XXH128", Convert.ToHexStringLower(_fast.GetHashAndReset()), expected.Xxh128)
            : ("SHA-256", Convert.ToHexStringLower(_sha256!.GetHashAndReset()), expected.Sha256);
        return hash == said
            ? null
            : new CheckpointFault("shard_hash_differs", $"{what} has {name} {hash}; its manifest says {said}.");
    }

    /// <inheritdoc />
    public void Dispose() => _sha256?.Dispose();
}
