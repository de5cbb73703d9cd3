using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;

namespace Orchestrator.Checkpoints.S3;

/// <summary>
/// Deletes what no kept manifest names, by the rules of the folder store: nothing at or above the newest kept step, and
/// nothing of a later attempt. Manifests go first, so that none is left that names what is gone; at last go uploads
/// that were never completed, whose parts are paid for until then.
/// </summary>
internal sealed class S3Collection(S3Connection connection)
{
    private const int ShardDepth = 3;
    private static readonly HashSet<string> BatchRefusals = new(StringComparer.Ordinal)
    {
        "InvalidRequest", "MalformedXML", "MethodNotAllowed", "MissingContentMD5", "MissingDigest", "NotImplemented",
    };

    private volatile bool _oneByOne;

    /// <summary>Adds the paths of the shards that were deleted.</summary>
    public async Task RunAsync(
        string jobId, int attempt, IReadOnlyList<StoredCheckpoint> kept, HashSet<string> deleted,
        CancellationToken cancellationToken)
    {
        var newest = kept.Max(checkpoint => checkpoint.Step);
        var keptManifests = kept.Select(connection.Keys.OfManifest).ToHashSet(StringComparer.Ordinal);
        var keptShards = kept.SelectMany(checkpoint => checkpoint.Shards).Select(shard => shard.Path)
            .ToHashSet(StringComparer.Ordinal);
        var manifests = connection.Keys.OfManifests(jobId);
        await DeleteAsync(
            manifests, key => !keptManifests.Contains(key) && IsOld(key[manifests.Length..].Split('-', '.'), 1, 3),
            cancellationToken);

        var job = connection.Keys.OfJob(jobId);
        await DeleteAsync(job + "step-", key =>
        {
            var old = OldShardOf(key);
            if (old is not null)
                deleted.Add(old);
            return old is not null;
        }, cancellationToken);
        await new HalfUploads(connection).AbortAsync(
            job + "step-", key => OldShardOf(key) is not null, cancellationToken);

        string? OldShardOf(string key)
        {
            var parts = key[job.Length..].Split('/');
            if (parts.Length <= ShardDepth || !IsOld([.. parts[0].Split('-'), .. parts[1].Split('-')], 1, 3))
                return null;
            var shard = string.Join('/', parts.Take(ShardDepth));
            return keptShards.Contains(shard) ? null : shard;
        }

        // The words are step, N, attempt, M in either.
        bool IsOld(string[] words, int step, int of) =>
            words.Length > of && words[step - 1] == "step" && words[of - 1] == "attempt"
            && Number(words[step]) < newest && Number(words[of]) <= attempt;
    }

    // Null compares as false, so what has no number is left alone.
    private static long? Number(string digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private async Task DeleteAsync(string prefix, Predicate<string> wanted, CancellationToken cancellationToken)
    {
        await foreach (var page in S3Listing.PagesAsync(connection, prefix, cancellationToken))
        {
            var keys = page.Where(key => wanted(key)).ToArray();
            if (keys.Length > 0 && !(await TryBatchAsync(keys, cancellationToken)))
                await DeleteOneByOneAsync(keys, cancellationToken);
        }
    }

    private async Task<bool> TryBatchAsync(string[] keys, CancellationToken cancellationToken)
    {
        if (_oneByOne)
            return false;
        var request = new DeleteObjectsRequest
        {
            BucketName = connection.Options.Bucket,
            Objects = [.. keys.Select(key => new KeyVersion { Key = key })],
            Quiet = true,
        };
        var done = await connection.CallAsync($"delete {keys.Length} objects", async (client, token) =>
        {
            try
            {
                await client.DeleteObjectsAsync(request, token);
                return true;
            }
            catch (DeleteObjectsException)
            {
                // Some are left; one by one each says for itself what is wrong.
                return false;
            }
            catch (AmazonS3Exception exception) when (BatchRefusals.Contains(exception.ErrorCode ?? ""))
            {
                return false;
            }
        }, cancellationToken);
        _oneByOne = !done;
        return done;
    }

    private Task DeleteOneByOneAsync(string[] keys, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(keys, connection.InParallel(cancellationToken), async (key, token) =>
            await connection.CallAsync($"delete {key}",
                (client, inner) => client.DeleteObjectAsync(connection.Options.Bucket, key, inner), token));
}
