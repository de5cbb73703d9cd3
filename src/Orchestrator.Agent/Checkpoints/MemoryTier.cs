using System.Globalization;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Options;
using Orchestrator.Agent.Ranks;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// Checkpoints in this host's memory: files of the folder that is as volatile as the host, so that they outlive ranks
/// and agent. It has a budget, which counts what others keep here, too.
/// </summary>
internal sealed class MemoryTier(AgentOptions options)
{
    /// <summary>Folder of a job's buffers, which has a folder for each rank.</summary>
    public const string Buffers = "buffers";

    private const long BytesPerMebibyte = 1 << 20;
    private readonly FolderCheckpointStore _folder = new(Path.Combine(options.MemoryFolder, "checkpoints"));

    public string Root => Path.Combine(options.MemoryFolder, "checkpoints");

    /// <summary>Bytes that lie there now.</summary>
    public long UsedBytes => Directory.Exists(Root)
        ? new DirectoryInfo(Root).EnumerateFiles("*", SearchOption.AllDirectories).Sum(Length)
        : 0;

    /// <summary>Why there is no room for so many bytes more; null when there is.</summary>
    public CheckpointFault? Refusal(long bytes)
    {
        var used = UsedBytes;
        // How much a rank writes may be known only when it has: a full budget refuses it before.
        return used + Math.Max(bytes, 1) <= options.CheckpointMemoryBytes
            ? null
            : Full($"{used / BytesPerMebibyte} MiB are there and {bytes / BytesPerMebibyte} MiB more were asked for.");
    }

    /// <summary>What a rank wrote without saying how much it would be is too much; null when it is not.</summary>
    public CheckpointFault? Overrun => UsedBytes is var used && used <= options.CheckpointMemoryBytes
        ? null
        : Full($"with this one it would be {used / BytesPerMebibyte} MiB.");

    private CheckpointFault Full(string figures) => new("memory_full",
        $"{options.Name} keeps at most {options.CheckpointMemoryBytes / BytesPerMebibyte} MiB of checkpoints in "
        + $"memory; {figures} Give the agent a larger --checkpoint-memory-mib, or save less often.");

    /// <exception cref="IOException">The folder cannot be written.</exception>
    public string Begin(ShardWriter writer) => _folder.Begin(writer);

    /// <summary>Hashes what a rank wrote. There is no disk to sync to or to read back from.</summary>
    public Task<SealResult> SealAsync(
        ShardWriter writer, string directory, Func<CancellationToken, Task> pause,
        CancellationToken cancellationToken) =>
        _folder.SealAsync(writer, directory, pause, cancellationToken);

    /// <summary>Why a directory is not one that was opened for a writer; null when it is.</summary>
    public CheckpointFault? Stranger(ShardWriter writer, string directory) => _folder.Stranger(writer, directory);

    /// <summary>Directories of the shards that a rank has begun or saved.</summary>
    public IEnumerable<string> DirectoriesOf(RankKey key)
    {
        var attempt = string.Create(CultureInfo.InvariantCulture, $"attempt-{key.Attempt}");
        var shards = string.Create(CultureInfo.InvariantCulture, $"rank-{key.Rank}-*");
        return Directory.Exists(FolderOf(key.JobId))
            ? Directory.GetDirectories(FolderOf(key.JobId), "step-*")
                .Select(step => Path.Combine(step, attempt)).Where(Directory.Exists)
                .SelectMany(path => Directory.GetDirectories(path, shards)).ToArray()
            : [];
    }

    /// <summary>A shard's path as a manifest has it, from that of its directory.</summary>
    public string ShardPathOf(string jobId, string directory) =>
        Path.GetRelativePath(FolderOf(jobId), Path.GetFullPath(directory));

    public Task<CheckpointFault?> VerifyAsync(
        string jobId, StoredShard shard, CancellationToken cancellationToken) =>
        _folder.VerifyAsync(new StoredCheckpoint(jobId, 0, 0, [shard]), cancellationToken);

    public string PathOf(string jobId, StoredShard shard) => _folder.PathOf(jobId, shard.Path);

    public string FolderOf(string jobId) => _folder.PathOf(jobId, "");

    /// <summary>Deletes the job's shards below the newest kept one, as <see cref="ICheckpointStore.Retain"/>.</summary>
    public int Retain(string jobId, uint attempt, IReadOnlyList<StoredCheckpoint> kept) =>
        _folder.Retain(jobId, (int)attempt, kept);

    private static long Length(FileInfo file)
    {
        try
        {
            // A buffer that a shard is made of has its second name there, and counts there.
            return file.Directory?.Parent?.Name == Buffers && HardLink.Count(file.FullName) > 1 ? 0 : file.Length;
        }
        catch (FileNotFoundException)
        {
            // Gone since it was listed.
            return 0;
        }
    }
}
