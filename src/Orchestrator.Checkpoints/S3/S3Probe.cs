using System.Net;
using System.Security.Cryptography;
using Amazon.S3;

namespace Orchestrator.Checkpoints.S3;

/// <summary>Writes, reads and deletes a small object, and finds out which altered content the store refuses.</summary>
internal static class S3Probe
{
    private const int ContentBytes = 4096;
    private const int NameDigits = 16;

    /// <summary>The options that work.</summary>
    /// <exception cref="StoreFaultException">None do.</exception>
    public static async Task<S3StoreOptions> RunAsync(
        S3StoreOptions options, S3Surroundings surroundings, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAsync(options, surroundings, cancellationToken);
        }
        catch (StoreFaultException fault) when (fault.Fault.Code is "store_unreachable" or "store_no_bucket")
        {
            // The style decides which host is asked, and which part of the path is the bucket.
            var other = options with { PathStyle = !options.UsesPathStyle };
            var found = (S3StoreOptions?)null;
            await StoreFaultException.CatchAsync(async () =>
                found = await TryAsync(other, surroundings, cancellationToken));
            return found ?? throw new StoreFaultException(fault.Fault.Code, fault.Fault.Sentence, fault);
        }
    }

    private static async Task<S3StoreOptions> TryAsync(
        S3StoreOptions options, S3Surroundings surroundings, CancellationToken cancellationToken)
    {
        using var connection = new S3Connection(
            options with { Checksum = S3Checksum.WhenRequired }, new BandwidthLimiter(0), surroundings);
        var key = connection.Keys.OfProbe(RandomNumberGenerator.GetHexString(NameDigits, lowercase: true));
        var content = RandomNumberGenerator.GetBytes(ContentBytes);
        await new S3Upload(connection).PutAsync(key, content, cancellationToken);
        var expected = new StoredFile(key, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
        await new S3ReadBack(connection).CompareAsync(key, expected, cancellationToken);
        var checksum = await FindChecksumAsync(connection, key, content, cancellationToken);
        await connection.CallAsync($"delete {key}",
            (client, token) => client.DeleteObjectAsync(options.Bucket, key, token), cancellationToken);
        return options with { PathStyle = options.UsesPathStyle, Checksum = checksum };
    }

    // A store that ignores a checksum takes a wrong one, so only a wrong one tells.
    private static async Task<S3Checksum> FindChecksumAsync(
        S3Connection connection, string key, byte[] content, CancellationToken cancellationToken)
    {
        foreach (var kind in new[] { S3Checksum.WhenSupported, S3Checksum.WhenRequired })
        {
            if (await TakesAsync(connection, key, content, Checksums.Of(content, kind), cancellationToken)
                && !await TakesAsync(connection, key, content, Checksums.Of([0], kind), cancellationToken))
            {
                return kind;
            }
        }

        throw new StoreFaultException("store_unchecked",
            $"Bucket '{connection.Options.Bucket}' at {connection.Options.Place} takes altered content, whatever "
            + "checksum is sent; use another store.");
    }

    private static Task<bool> TakesAsync(
        S3Connection connection, string key, byte[] content, Checksum checksum, CancellationToken cancellationToken) =>
        connection.CallAsync($"store {key}", async (client, token) =>
        {
            var request = S3Upload.RequestFor(connection, key, new MemoryStream(content), checksum);
            try
            {
                await client.PutObjectAsync(request, token);
                return true;
            }
            catch (AmazonS3Exception exception)
                when (exception.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotImplemented)
            {
                return false;
            }
        }, cancellationToken);
}
