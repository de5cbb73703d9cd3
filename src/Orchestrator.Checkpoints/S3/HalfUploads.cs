using Amazon.S3;
using Amazon.S3.Model;

namespace Orchestrator.Checkpoints.S3;

/// <summary>Ends uploads that were begun and not completed.</summary>
internal sealed class HalfUploads(S3Connection connection)
{
    public async Task AbortAsync(string prefix, Predicate<string> wanted, CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest
        {
            BucketName = connection.Options.Bucket,
            Prefix = prefix,
        };
        ListMultipartUploadsResponse page;
        do
        {
            page = await connection.CallAsync(
                $"list the uploads of {prefix}",
                (client, token) => client.ListMultipartUploadsAsync(request, token), cancellationToken);
            foreach (var upload in (page.MultipartUploads ?? []).Where(upload => wanted(upload.Key)))
                await AbortAsync(upload, cancellationToken);
            request.KeyMarker = page.NextKeyMarker;
            request.UploadIdMarker = page.NextUploadIdMarker;
        }
        while (page.IsTruncated == true);
    }

    private Task AbortAsync(MultipartUpload upload, CancellationToken cancellationToken) =>
        connection.CallAsync($"abort the upload of {upload.Key}", async (client, token) =>
        {
            try
            {
                await client.AbortMultipartUploadAsync(
                    connection.Options.Bucket, upload.Key, upload.UploadId, token);
            }
            catch (AmazonS3Exception exception) when (exception.ErrorCode is "NoSuchUpload" or "NoSuchKey")
            {
                // Completed or aborted since it was listed.
            }
        }, cancellationToken);
}
