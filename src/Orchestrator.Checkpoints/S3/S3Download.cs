using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Checkpoints.S3;

/// <summary>
/// Fetches a shard's files. They grow in a directory beside the target, which takes the target's name when the last is
/// verified: what has the target's name is whole.
/// </summary>
internal sealed class S3Download(S3Connection connection)
{
    // Once more when the hash differs: content may have been altered on its way.
    private const int Readings = 2;
    private readonly S3Reader _reader = new(connection);

    public async Task RunAsync(
        string jobId, StoredShard shard, string target, CancellationToken cancellationToken)
    {
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            throw new StoreFaultException("target_not_empty", $"{target} is not empty; give another directory.");
        var incoming = Path.TrimEndingDirectorySeparator(target) + ".incoming";
        Clear(incoming);
        Directory.CreateDirectory(incoming);
        try
        {
            CheckRoom(incoming, shard);
            await Parallel.ForEachAsync(shard.Files, connection.InParallel(cancellationToken), async (file, token) =>
                await FetchAsync(jobId, shard, file, incoming, token));
            if (Directory.Exists(target))
                Directory.Delete(target);
            Directory.Move(incoming, target);
        }
        finally
        {
            Clear(incoming);
        }
    }

    private static void CheckRoom(string directory, StoredShard shard)
    {
        var needed = shard.Files.Sum(file => file.SizeBytes);
        var free = new DriveInfo(directory).AvailableFreeSpace;
        if (free < needed)
        {
            throw new StoreFaultException("target_full",
                $"{directory} has room for {free} bytes; the shard has {needed}. "
                + "Free some, or give another directory.");
        }
    }

    private static void Clear(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }

    private async Task FetchAsync(
        string jobId, StoredShard shard, StoredFile file, string directory, CancellationToken cancellationToken)
    {
        var key = connection.Keys.OfFile(jobId, shard, file);
        var path = Path.Combine(directory, file.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        // Room is found as content comes: to allocate it before costs memory file systems half a second per GiB, in
        // which nothing arrives.
        RandomAccess.SetLength(handle, file.SizeBytes);
        var hash = "";
        for (var reading = 1; reading <= Readings && hash != file.Sha256; reading++)
            hash = await FetchAsync(key, file.SizeBytes, handle, cancellationToken);
        if (hash != file.Sha256)
            throw S3ReadBack.HashDiffers(key, hash, file);
    }

    private async Task<string> FetchAsync(
        string key, long size, SafeFileHandle file, CancellationToken cancellationToken)
    {
        long partBytes = connection.Options.PartBytes;
        using var follower = new HashFollower(file, size, partBytes);
        // An empty object has one part, too: it must be there.
        var count = Math.Max((size + partBytes - 1) / partBytes, 1);
        await Parallel.ForAsync(0L, count, connection.InParallel(cancellationToken), async (index, token) =>
        {
            var length = Math.Min(partBytes, size - (index * partBytes));
            await _reader.ReadAsync(key, size, index * partBytes, length, Write, token);
            follower.Arrived(index);
        });
        return follower.Finish();

        void Write(ReadOnlySpan<byte> content, long position)
        {
            RandomAccess.Write(file, content, position);
            follower.Take(content, position);
        }
    }
}
