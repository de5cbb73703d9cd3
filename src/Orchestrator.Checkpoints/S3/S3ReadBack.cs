using System.Security.Cryptography;

namespace Orchestrator.Checkpoints.S3;

/// <summary>Reads a shard's objects and compares them with the manifest; nothing is kept.</summary>
internal sealed class S3ReadBack(S3Connection connection)
{
    // Once more when the hash differs: content may have been altered on its way.
    private const int Readings = 2;
    private readonly S3Reader _reader = new(connection);

    public Task RunAsync(string jobId, StoredShard shard, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(shard.Files, connection.InParallel(cancellationToken), async (file, token) =>
            await CompareAsync(connection.Keys.OfFile(jobId, shard, file), file, token));

    /// <exception cref="StoreFaultException">The object is not what is expected.</exception>
    public async Task CompareAsync(string key, StoredFile expected, CancellationToken cancellationToken)
    {
        var hash = "";
        for (var reading = 1; reading <= Readings && hash != expected.Sha256; reading++)
            hash = await HashAsync(key, expected.SizeBytes, cancellationToken);
        if (hash != expected.Sha256)
            throw HashDiffers(key, hash, expected);
    }

    public static StoreFaultException HashDiffers(string key, string hash, StoredFile file) => new(
        "shard_hash_differs", $"{key} has SHA-256 {hash} in the store; its manifest says {file.Sha256}.");

    private async Task<string> HashAsync(string key, long size, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long partBytes = connection.Options.PartBytes;
        var offset = 0L;
        do
        {
            var length = Math.Min(partBytes, size - offset);
            await _reader.ReadAsync(key, size, offset, length, (content, _) => hash.AppendData(content),
                cancellationToken);
            offset += length;
        }
        while (offset < size);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
