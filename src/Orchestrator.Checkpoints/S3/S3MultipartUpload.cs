using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Orchestrator.Checkpoints.S3;

/// <summary>Sends one large file in parts, or the parts that an earlier process left out.</summary>
internal sealed class S3MultipartUpload(
    S3Connection connection, string key, string path, long size, UploadRecord record)
{
    private const int MostParts = 10_000;
    private readonly long _partBytes = PartBytes(size, connection.Options.PartBytes);

    private S3StoreOptions Options => connection.Options;

    private int Count => (int)((size + _partBytes - 1) / _partBytes);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var upload = record.UploadOf(key);
        var there = upload is null ? null : await FindPartsAsync(upload, cancellationToken);
        if (upload is not null && there is null && await IsStoredAsync(cancellationToken))
            return;
        if (upload is null || there is null)
        {
            upload = await BeginAsync(cancellationToken);
            record.Begin(key, upload);
        }

        var parts = new PartETag[Count];
        await Parallel.ForAsync(0, Count, connection.InParallel(cancellationToken), async (index, token) =>
            parts[index] = there?.GetValueOrDefault(index + 1) ?? await SendAsync(upload, index, token));
        await CompleteAsync(upload, parts, cancellationToken);
    }

    // Rounded up to whole MiB, so that a resumed upload cuts the file at the same places.
    private static long PartBytes(long size, int wanted)
    {
        const long Unit = 1 << 20;
        var least = ((size + MostParts - 1) / MostParts + Unit - 1) / Unit * Unit;
        return Math.Max(wanted, least);
    }

    private long LengthOf(int index) => Math.Min(_partBytes, size - (index * _partBytes));

    private async Task<string> BeginAsync(CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest
        {
            BucketName = Options.Bucket,
            Key = key,
            ServerSideEncryptionMethod = Options.ToMethod(),
            ServerSideEncryptionKeyManagementServiceKeyId = Options.KmsKey,
            ChecksumAlgorithm = Options.Checksum == S3Checksum.Crc32 ? ChecksumAlgorithm.CRC32 : null,
        };
        var answer = await connection.CallAsync(
            $"begin the upload of {key}",
            (client, token) => client.InitiateMultipartUploadAsync(request, token), cancellationToken);
        return answer.UploadId;
    }

    private async Task<PartETag> SendAsync(string upload, int index, CancellationToken cancellationToken)
    {
        var offset = index * _partBytes;
        var checksum = Checksums.OfFile(path, offset, LengthOf(index), Options.Checksum);
        var answer = await connection.CallAsync($"store part {index + 1} of {key}", index, async (client, token) =>
        {
            var answer = await client.UploadPartAsync(RequestFor(upload, index, checksum), token);
            return checksum.Fits(answer.ETag, answer.ChecksumCRC32, answer.ServerSideEncryptionMethod)
                ? answer : throw new IOException($"the store took another part {index + 1} of {key} than was sent");
        }, cancellationToken);
        return new PartETag(index + 1, answer.ETag) { ChecksumCRC32 = checksum.Crc32 };
    }

    private UploadPartRequest RequestFor(string upload, int index, Checksum checksum) => new()
    {
        BucketName = Options.Bucket,
        Key = key,
        UploadId = upload,
        PartNumber = index + 1,
        FilePath = path,
        FilePosition = index * _partBytes,
        PartSize = LengthOf(index),
        UseChunkEncoding = false,
        DisablePayloadSigning = connection.IsUnsigned,
        MD5Digest = checksum.Md5,
        ChecksumCRC32 = checksum.Crc32,
    };

    private async Task CompleteAsync(string upload, PartETag[] parts, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest
        {
            BucketName = Options.Bucket,
            Key = key,
            UploadId = upload,
            PartETags = [.. parts],
        };
        var gone = await connection.CallAsync($"complete the upload of {key}", async (client, token) =>
        {
            try
            {
                await client.CompleteMultipartUploadAsync(request, token);
                return false;
            }
            catch (AmazonS3Exception exception) when (IsGone(exception))
            {
                return true;
            }
        }, cancellationToken);
        // Gone is what it also is when the answer to an earlier try got lost.
        if (gone && !await IsStoredAsync(cancellationToken))
        {
            throw new StoreFaultException("upload_aborted",
                $"The upload of {key} was aborted by somebody else; upload the shard again.");
        }
    }

    /// <summary>The parts that are there with the right size; null when the store knows no such upload.</summary>
    private async Task<Dictionary<int, PartETag>?> FindPartsAsync(string upload, CancellationToken cancellationToken)
    {
        var parts = new Dictionary<int, PartETag>();
        string? marker = null;
        ListPartsResponse? page;
        do
        {
            page = await ListAsync(upload, marker, cancellationToken);
            foreach (var part in page?.Parts ?? [])
            {
                if (part is { PartNumber: { } number, Size: { } found } && number <= Count
                    && found == LengthOf(number - 1))
                {
                    parts[number] = new PartETag(number, part.ETag) { ChecksumCRC32 = part.ChecksumCRC32 };
                }
            }

            marker = page?.NextPartNumberMarker?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        while (page?.IsTruncated == true);
        return page is null ? null : parts;
    }

    private Task<ListPartsResponse?> ListAsync(
        string upload, string? marker, CancellationToken cancellationToken) =>
        connection.CallAsync($"list the parts of {key}", async (client, token) =>
        {
            try
            {
                return await client.ListPartsAsync(
                    new ListPartsRequest
                    {
                        BucketName = Options.Bucket,
                        Key = key,
                        UploadId = upload,
                        PartNumberMarker = marker,
                    },
                    token);
            }
            catch (AmazonS3Exception exception) when (IsGone(exception))
            {
                return null;
            }
        }, cancellationToken);

    // Ceph says NoSuchKey where others say NoSuchUpload.
    private static bool IsGone(AmazonS3Exception exception) =>
        exception.StatusCode == HttpStatusCode.NotFound && exception.ErrorCode != "NoSuchBucket";

    // Nobody else ever writes this key, so an object of this size is the one that was sent.
    private Task<bool> IsStoredAsync(CancellationToken cancellationToken) =>
        connection.CallAsync($"look for {key}", async (client, token) =>
        {
            try
            {
                var found = await client.GetObjectMetadataAsync(Options.Bucket, key, token);
                return found.ContentLength == size;
            }
            catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
            {
                return false;
            }
        }, cancellationToken);
}
