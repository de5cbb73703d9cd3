using System.Buffers;
using System.Globalization;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Orchestrator.Checkpoints.S3;

/// <summary>Takes content as it arrives.</summary>
/// <param name="content">The next bytes; only good until the return.</param>
/// <param name="position">Where in the object they are.</param>
internal delegate void Sink(ReadOnlySpan<byte> content, long position);

/// <summary>Reads objects whose size is known.</summary>
internal sealed class S3Reader(S3Connection connection)
{
    private const int BlockBytes = 1 << 20;

    /// <summary>
    /// Reads a piece of an object. A broken connection goes on where it broke, so the sink gets each byte once.
    /// </summary>
    /// <exception cref="StoreFaultException">The object is missing or of another size, or the store fails.</exception>
    public Task ReadAsync(
        string key, long size, long offset, long length, Sink sink, CancellationToken cancellationToken)
    {
        var done = 0L;
        return connection.CallAsync($"read {key}", offset / connection.Options.PartBytes, async (client, token) =>
        {
            using var answer = await OpenAsync(client, key, size, offset + done, offset + length, token);
            var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
            try
            {
                while (done < length)
                {
                    var most = (int)Math.Min(block.Length, length - done);
                    var read = await answer.ResponseStream.ReadAsync(block.AsMemory(0, most), token);
                    if (read == 0)
                        throw new IOException($"the content of {key} ended at {offset + done}");
                    sink(block.AsSpan(0, read), offset + done);
                    done += read;
                }

                return done;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(block);
            }
        }, cancellationToken);
    }

    private async Task<GetObjectResponse> OpenAsync(
        IAmazonS3 client, string key, long size, long from, long to, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest
        {
            BucketName = connection.Options.Bucket,
            Key = key,
            // An empty object has no range.
            ByteRange = size == 0 ? null : new ByteRange(from, to - 1),
        };
        try
        {
            var answer = await client.GetObjectAsync(request, cancellationToken);
            var found = TotalOf(answer);
            if (found == size)
                return answer;
            answer.Dispose();
            throw SizeDiffers(key, $"{found}", size);
        }
        catch (AmazonS3Exception exception) when (exception.ErrorCode == "NoSuchKey")
        {
            throw new StoreFaultException("shard_missing",
                $"{key} is in the manifest but not in bucket '{connection.Options.Bucket}' at "
                + $"{connection.Options.Place}.");
        }
        catch (AmazonS3Exception exception)
            when (exception.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            throw SizeDiffers(key, $"at most {from}", size);
        }
    }

    private static long TotalOf(GetObjectResponse answer)
    {
        var range = answer.ContentRange;
        return range is not null && long.TryParse(
            range.AsSpan(range.LastIndexOf('/') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var total)
            ? total
            : answer.ContentLength;
    }

    private StoreFaultException SizeDiffers(string key, string found, long size) => new("shard_size_differs",
        $"{key} in bucket '{connection.Options.Bucket}' holds {found} bytes; its manifest says {size}.");
}
