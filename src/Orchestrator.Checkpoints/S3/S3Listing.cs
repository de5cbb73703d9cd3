using System.Runtime.CompilerServices;
using Amazon.S3.Model;

namespace Orchestrator.Checkpoints.S3;

internal static class S3Listing
{
    /// <summary>The keys that begin so, a page at a time.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<string>> PagesAsync(
        S3Connection connection, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = connection.Options.Bucket,
            Prefix = prefix,
            MaxKeys = connection.PageKeys,
        };
        ListObjectsV2Response page;
        do
        {
            page = await connection.CallAsync(
                $"list what begins with {prefix}",
                (client, token) => client.ListObjectsV2Async(request, token), cancellationToken);
            yield return [.. (page.S3Objects ?? []).Select(found => found.Key)];
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }
}
