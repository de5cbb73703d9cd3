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
        var plain = options with { Checksum = S3Checksum.Md5 };
        using var connection = new S3Connection(plain, new BandwidthLimiter(0), surroundings);
        var key = connection.Keys.OfProbe(RandomNumberGenerator.GetHexString(NameDigits, lowercase: true));
        var content = RandomNumberGenerator.GetBytes(ContentBytes);
        await new S3Upload(connection).PutAsync(key, content, cancellationToken);
        var expected = new StoredFile(key, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
        await new S3ReadBack(connection).CompareAsync(key, expected, cancellationToken);
        var checksum = await FindChecksumAsync(options, surroundings, key, content, cancellationToken);
        await connection.CallAsync($"delete {key}",
            (client, token) => client.DeleteObjectAsync(options.Bucket, key, token), cancellationToken);
        return options with { PathStyle = options.UsesPathStyle, Checksum = checksum };
    }

    // The fastest first. A store that ignores a checksum takes altered content, so only altered content tells.
    private static async Task<S3Checksum> FindChecksumAsync(
        S3StoreOptions options, S3Surroundings surroundings, string key, byte[] content,
        CancellationToken cancellationToken)
    {
        S3Checksum[] kinds = options.IsEncrypted
            ? [S3Checksum.Crc32, S3Checksum.Signature, S3Checksum.Md5]
            : [S3Checksum.Signature, S3Checksum.Crc32, S3Checksum.Md5];
        foreach (var kind in kinds)
        {
            using var connection = new S3Connection(
                options with { Checksum = kind }, new BandwidthLimiter(0), surroundings);
            if (await TakesAsync(connection, key, content, altered: false, cancellationToken)
                && !await TakesAsync(connection, key, content, altered: true, cancellationToken))
            {
                return kind;
            }
        }

        throw new StoreFaultException("store_unchecked",
            $"Bucket '{options.Bucket}' at {options.Place} takes altered content, whatever checksum is sent; use "
            + "another store.");
    }

    private static Task<bool> TakesAsync(
        S3Connection connection, string key, byte[] content, bool altered, CancellationToken cancellationToken) =>
        connection.CallAsync($"store {key}", async (client, token) =>
        {
            var checksum = Checksums.Of(content, connection.Options.Checksum);
            var from = connection.Options.Checksum == S3Checksum.Signature ? 2 : 1;
            using var sent = new AlteredStream(content, altered ? from : int.MaxValue);
            try
            {
                await client.PutObjectAsync(S3Upload.RequestFor(connection, key, sent, checksum), token);
                return true;
            }
            catch (AmazonS3Exception exception)
                when (exception.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotImplemented)
            {
                return false;
            }
        }, cancellationToken);
}
