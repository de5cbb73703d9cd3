using Amazon.S3.Model;

namespace Orchestrator.Checkpoints.S3;

/// <summary>Sends a shard's files.</summary>
internal sealed class S3Upload(S3Connection connection)
{
    public Task RunAsync(
        string jobId, StoredShard shard, string directory, UploadRecord record, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(shard.Files, connection.InParallel(cancellationToken), async (file, token) =>
        {
            var key = connection.Keys.OfFile(jobId, shard, file);
            if (record.IsDone(key))
                return;
            var path = Path.Combine(directory, file.Name);
            CheckSize(path, file);
            if (file.SizeBytes <= connection.Options.PartBytes)
                await PutAsync(key, path, file.SizeBytes, token);
            else
                await new S3MultipartUpload(connection, key, path, file.SizeBytes, record).RunAsync(token);
            record.Finish(key);
        });

    /// <summary>Puts a small object.</summary>
    public Task PutAsync(string key, byte[] content, CancellationToken cancellationToken) => PutAsync(
        key, Checksums.Of(content, connection.Options.Checksum), () => new MemoryStream(content), cancellationToken);

    public static PutObjectRequest RequestFor(
        S3Connection connection, string key, Stream content, Checksum checksum) => new()
        {
            BucketName = connection.Options.Bucket,
            Key = key,
            InputStream = content,
            AutoCloseStream = false,
            // One signature of the whole: signed chunks would be stored as content where they are not understood.
            UseChunkEncoding = false,
            DisablePayloadSigning = connection.IsUnsigned,
            ServerSideEncryptionMethod = connection.Options.ToMethod(),
            ServerSideEncryptionKeyManagementServiceKeyId = connection.Options.KmsKey,
            MD5Digest = checksum.Md5,
            ChecksumCRC32 = checksum.Crc32,
        };

    // The file's bytes were hashed when it was sealed; here only what costs nothing.
    private static void CheckSize(string path, StoredFile file)
    {
        var found = new FileInfo(path);
        if (!found.Exists)
            throw new StoreFaultException("shard_missing", $"{path} is in the manifest but not on this host.");
        if (found.Length != file.SizeBytes)
        {
            throw new StoreFaultException("shard_size_differs",
                $"{path} holds {found.Length} bytes; its manifest says {file.SizeBytes}.");
        }
    }

    private Task PutAsync(string key, string path, long size, CancellationToken cancellationToken) => PutAsync(
        key, Checksums.OfFile(path, 0, size, connection.Options.Checksum),
        () => File.OpenRead(path), cancellationToken);

    private Task PutAsync(
        string key, Checksum checksum, Func<Stream> open, CancellationToken cancellationToken) =>
        connection.CallAsync($"store {key}", async (client, token) =>
        {
            await using var content = open();
            var request = RequestFor(connection, key, content, checksum);
            var answer = await client.PutObjectAsync(request, token);
            if (!checksum.Fits(answer.ETag, answer.ChecksumCRC32, answer.ServerSideEncryptionMethod))
                throw new IOException($"the store took other content for {key} than was sent");
        }, cancellationToken);
}
