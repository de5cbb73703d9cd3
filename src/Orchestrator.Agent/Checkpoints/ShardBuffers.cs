using System.Globalization;
using System.Security.Cryptography;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Ranks;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// Memory that ranks map and save into. A buffer is a file with one name in its rank's pool and, while a shard is made
/// of it, a second one in the shard's directory: whoever deletes the shard gives the buffer back, and its pages stay.
/// </summary>
/// <remarks>
/// Who still reads a shard whose buffer was given to the next save reads something else, which its hashes tell. It
/// comes to that only where a shard is deleted under its reader, because nobody needs it any more.
/// </remarks>
internal sealed class ShardBuffers(
    MemoryTier memory, RankTable table, JobTable jobs, ShardShelf shelf, ShardSealing sealing,
    ILogger<ShardBuffers> log)
{
    public const string FileName = "state";

    /// <summary>One that is committed, one that is on its way to the second host, one that is being written.</summary>
    private const int PerRank = 3;
    private const int NameDigits = 16;

    /// <summary>A state that shrinks by less than a part of this goes on with its buffer.</summary>
    private const int LeastPartUnused = 8;
    private const long LeastBytesUnused = 1 << 20;
    private readonly Lock _gate = new();

    /// <summary>Jobs with buffers on this host.</summary>
    public IEnumerable<string> Jobs => Directory.Exists(memory.Root)
        ? Directory.GetDirectories(memory.Root).Where(job => Directory.Exists(Path.Combine(job, MemoryTier.Buffers)))
            .Select(job => Path.GetFileName(job))
        : [];

    /// <summary>Whether the shard in a directory is, or is to be, made of a buffer.</summary>
    public static bool IsIn(string directory) => HardLink.Count(Path.Combine(directory, FileName)) > 1;

    /// <summary>Opens a shard that is made of a buffer of at least so many bytes.</summary>
    /// <exception cref="IOException">The memory folder cannot be written.</exception>
    public (ShardBuffer? Buffer, CheckpointFault? Fault) Take(RankKey key, ShardWriter writer, long bytes)
    {
        lock (_gate)
        {
            TrimLocked(key.JobId);
            // A rank saves one checkpoint at a time: what it began before, it has given up.
            DropAbandoned(key);
            var pool = PoolOf(key);
            Directory.CreateDirectory(pool);
            var (file, fault) = FreeBuffer(pool, RoundUp(Math.Max(bytes, 1)));
            if (file is null)
                return (null, fault);
            var directory = memory.Begin(writer);
            var name = Path.Combine(directory, FileName);
            HardLink.Create(file, name);
            return (new ShardBuffer(directory, name, Path.GetFileName(file)), null);
        }
    }

    /// <summary>Frees the buffers of ranks that do not run here any more. Shards that are made of some stay.</summary>
    public void Trim(string jobId)
    {
        lock (_gate)
            TrimLocked(jobId);
    }

    private void TrimLocked(string jobId)
    {
        var pools = Path.Combine(memory.FolderOf(jobId), MemoryTier.Buffers);
        if (!Directory.Exists(pools))
            return;
        foreach (var pool in Directory.GetDirectories(pools))
        {
            if (RankOf(jobId, pool) is not { } key || MaySave(key))
                continue;
            DropAbandoned(key);
            Directory.Delete(pool, recursive: true);
            log.LogInformation("Freed the buffers of {Rank}", key);
        }
    }

    private bool MaySave(RankKey key) =>
        table.Find(key) is { IsRunning: true } && jobs.Get(key.JobId).LaunchedAttempt == key.Attempt;

    private (string? File, CheckpointFault? Fault) FreeBuffer(string pool, long size)
    {
        var all = Directory.GetFiles(pool);
        var free = all.Where(file => HardLink.Count(file) == 1).ToLookup(file => Fits(file, size));
        foreach (var other in free[false])
            File.Delete(other);
        if (free[true].FirstOrDefault() is { } warm)
            return (warm, null);
        if (all.Length - free[false].Count() >= PerRank)
        {
            return (null, new CheckpointFault("buffers_busy",
                $"All {PerRank} buffers of the rank hold checkpoints that are still needed; save less often."));
        }

        return memory.Refusal(size) is { } full ? (null, full) : Allocate(pool, size);
    }

    private static bool Fits(string file, long size)
    {
        var unused = new FileInfo(file).Length - size;
        return unused >= 0 && unused <= Math.Max(size / LeastPartUnused, LeastBytesUnused);
    }

    // With all its pages: a rank that writes to memory which the host does not have would be killed for it.
    private static (string? File, CheckpointFault? Fault) Allocate(string pool, long size)
    {
        var path = Path.Combine(pool, RandomNumberGenerator.GetHexString(NameDigits, lowercase: true));
        try
        {
            using var file = File.OpenHandle(
                path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.None, size);
            RandomAccess.SetLength(file, size);
            return (path, null);
        }
        catch (IOException exception)
        {
            File.Delete(path);
            return (null, new CheckpointFault(
                "memory_full", $"The memory folder has no room for {size} bytes: {exception.Message}"));
        }
    }

    private void DropAbandoned(RankKey key)
    {
        foreach (var directory in memory.DirectoriesOf(key).Where(IsIn))
        {
            var path = memory.ShardPathOf(key.JobId, directory);
            // In this order, which is the one in which shards go: from those taken over to the shelf.
            if (!sealing.IsTaken(key.JobId, path) && shelf.Find(key.JobId, path) is null)
                Directory.Delete(directory, recursive: true);
        }
    }

    private static long RoundUp(long bytes) =>
        (bytes + Environment.SystemPageSize - 1) / Environment.SystemPageSize * Environment.SystemPageSize;

    // Of one attempt: whatever is left of the ranks of an earlier one, writes into memory of its own.
    private string PoolOf(RankKey key) => Path.Combine(memory.FolderOf(key.JobId), MemoryTier.Buffers, string.Create(
        CultureInfo.InvariantCulture, $"attempt-{key.Attempt}-rank-{key.Rank}"));

    private static RankKey? RankOf(string jobId, string pool) => Path.GetFileName(pool).Split('-') is
        [_, var attempt, _, var rank]
        && uint.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var attemptNumber)
        && uint.TryParse(rank, NumberStyles.None, CultureInfo.InvariantCulture, out var rankNumber)
        ? new RankKey(jobId, attemptNumber, rankNumber)
        : null;
}

/// <summary>A shard that a rank is to write into a buffer.</summary>
/// <param name="Directory">The shard's directory.</param>
/// <param name="Path">The buffer in it.</param>
/// <param name="Id">The buffer's name in its pool, which stays the same.</param>
internal sealed record ShardBuffer(string Directory, string Path, string Id);
