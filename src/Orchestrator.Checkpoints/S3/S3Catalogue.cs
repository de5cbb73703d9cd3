using System.Text.Json;
using Amazon.S3;

namespace Orchestrator.Checkpoints.S3;

/// <summary>The manifests of a job, one object each, so that a bucket describes itself.</summary>
internal sealed class S3Catalogue(S3Connection connection)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public Task PutAsync(StoredCheckpoint checkpoint, CancellationToken cancellationToken) =>
        new S3Upload(connection).PutAsync(
            connection.Keys.OfManifest(checkpoint),
            JsonSerializer.SerializeToUtf8Bytes(checkpoint, Format), cancellationToken);

    /// <summary>Adds what can be read to a list, in the order of steps and attempts.</summary>
    /// <exception cref="StoreFaultException">The first manifest that could not be read.</exception>
    public async Task ListAsync(string jobId, List<StoredCheckpoint> found, CancellationToken cancellationToken)
    {
        StoreFaultException? unreadable = null;
        var prefix = connection.Keys.OfManifests(jobId);
        await foreach (var page in S3Listing.PagesAsync(connection, prefix, cancellationToken))
        {
            var read = new StoredCheckpoint?[page.Count];
            await Parallel.ForAsync(0, page.Count, connection.InParallel(cancellationToken), async (index, token) =>
            {
                var content = await GetAsync(page[index], token);
                read[index] = content is null ? null : Parse(jobId, content);
                if (content is not null && read[index] is null)
                    unreadable ??= Unreadable(page[index]);
            });
            found.AddRange(read.OfType<StoredCheckpoint>());
        }

        found.Sort((left, right) => (left.Step, left.Attempt).CompareTo((right.Step, right.Attempt)));
        if (unreadable is not null)
            throw unreadable;
    }

    private static StoredCheckpoint? Parse(string jobId, byte[] content)
    {
        try
        {
            var checkpoint = JsonSerializer.Deserialize<StoredCheckpoint>(content, Format);
            return checkpoint?.JobId == jobId ? checkpoint : null;
        }
        catch (JsonException)
        {
            // Named by the caller, who knows the key.
            return null;
        }
    }

    private StoreFaultException Unreadable(string key) => new("manifest_unreadable",
        $"{key} in bucket '{connection.Options.Bucket}' is no manifest of its job; delete it, or restore it.");

    // Null when it was collected since it was listed.
    private Task<byte[]?> GetAsync(string key, CancellationToken cancellationToken) =>
        connection.CallAsync($"read {key}", async (client, token) =>
        {
            try
            {
                using var answer = await client.GetObjectAsync(connection.Options.Bucket, key, token);
                using var content = new MemoryStream();
                await answer.ResponseStream.CopyToAsync(content, token);
                return content.Length == answer.ContentLength ? content.ToArray()
                    : throw new IOException($"the content of {key} ended at {content.Length}");
            }
            catch (AmazonS3Exception exception) when (exception.ErrorCode == "NoSuchKey")
            {
                return null;
            }
        }, cancellationToken);
}
