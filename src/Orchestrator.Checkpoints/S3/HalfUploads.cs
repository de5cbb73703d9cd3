using Amazon.S3;
using Amazon.S3.Model;

namespace Orchestrator.Checkpoints.S3;

/// <summary>Ends uploads that nobody goes on with; their parts are paid for until then.</summary>
internal sealed class StaleUploads(S3Connection connection)
{
    public async Task AbortAsync(
        string jobId, DateTimeOffset startedBefore, IReadOnlySet<string> kept, List<string> aborted,
        CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest
        {
            BucketName = connection.Options.Bucket,
            Prefix = connection.Keys.OfJob(jobId),
        };
        ListMultipartUploadsResponse page;
        do
        {
            page = await connection.CallAsync(
                $"list the uploads of job {jobId}",
                (client, token) => client.ListMultipartUploadsAsync(request, token), cancellationToken);
            var stale = (page.MultipartUploads ?? []).Where(upload => !kept.Contains(upload.UploadId)
                && upload.Initiated is { } begun && begun.ToUniversalTime() < startedBefore.UtcDateTime);
            foreach (var upload in stale)
            {
                await AbortAsync(upload, cancellationToken);
                aborted.Add(upload.UploadId);
            }

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
