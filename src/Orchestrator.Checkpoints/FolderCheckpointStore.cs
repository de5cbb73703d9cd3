using System.Globalization;
using System.Security.Cryptography;

namespace Orchestrator.Checkpoints;

/// <summary>Checkpoints in a folder that every host of the job mounts at the same path.</summary>
/// <remarks>A shard lies at <c>root/job/step-00000010/attempt-1/rank-0-1f2e3d4c</c>.</remarks>
public sealed class FolderCheckpointStore : ICheckpointStore
{
    private const int WriterIdDigits = 8;
    private readonly string _root;

    /// <summary>Opens the store; the folder is made when the first shard is.</summary>
    /// <param name="root">Absolute path of the store's root.</param>
    /// <exception cref="ArgumentException">The path is not absolute.</exception>
    public FolderCheckpointStore(string root)
    {
        if (!Path.IsPathFullyQualified(root))
            throw new ArgumentException($"The checkpoint store '{root}' is not an absolute path.", nameof(root));
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
    }

    /// <inheritdoc />
    public string Begin(ShardWriter writer)
    {
        var id = RandomNumberGenerator.GetHexString(WriterIdDigits, lowercase: true);
        var directory = PathOf(writer.JobId, ShardPathPrefix(writer) + id);
        Directory.CreateDirectory(directory);
        return directory;
    }

    /// <inheritdoc />
    public Task<SealResult> SealAsync(
        ShardWriter writer, string directory, CancellationToken cancellationToken = default) =>
        SealAsync(writer, directory, null, cancellationToken);

    /// <summary>As the other one, for work in the background that gives way to other work.</summary>
    /// <param name="writer">The writer that was given to <see cref="Begin"/>.</param>
    /// <param name="directory">The directory that <see cref="Begin"/> returned.</param>
    /// <param name="pause">Waited for after each block that was read; null where nothing is.</param>
    /// <param name="cancellationToken">Ends the work; the shard then counts as not sealed.</param>
    /// <returns>The shard with its files and hashes, or the fault.</returns>
    public Task<SealResult> SealAsync(
        ShardWriter writer, string directory, Func<CancellationToken, Task>? pause,
        CancellationToken cancellationToken)
    {
        if (Stranger(writer, directory) is { } fault)
            return Task.FromResult(new SealResult(null, fault));
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        return ShardSeal.SealAsync(full, PathOf(writer.JobId, ""), writer.Rank, pause, cancellationToken);
    }

    /// <summary>Says why a directory is not one that <see cref="Begin"/> gave to a writer.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="directory">The directory.</param>
    /// <returns>Null when it may be; nothing is said about whether it exists.</returns>
    public CheckpointFault? Stranger(ShardWriter writer, string directory)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var prefix = PathOf(writer.JobId, ShardPathPrefix(writer));
        return full.StartsWith(prefix, StringComparison.Ordinal) && !full.AsSpan(prefix.Length).Contains('/')
            ? null
            : new CheckpointFault(
                "not_a_shard_directory",
                $"{directory} was not opened for rank {writer.Rank} of attempt {writer.Attempt} at step {writer.Step};"
                + " commit the directory that the begin call returned.");
    }

    /// <inheritdoc />
    public Task<CheckpointFault?> VerifyAsync(
        StoredCheckpoint checkpoint, CancellationToken cancellationToken = default) =>
        ManifestCheck.VerifyAsync(PathOf(checkpoint.JobId, ""), checkpoint, cancellationToken);

    /// <inheritdoc />
    public int Retain(string jobId, int attempt, IReadOnlyList<StoredCheckpoint> kept) =>
        kept.Count == 0 ? 0 : Retention.Apply(PathOf(jobId, ""), attempt, kept);

    /// <inheritdoc />
    public string PathOf(string jobId, string shardPath)
    {
        if (jobId is "" or "." or ".." || jobId.Contains('/'))
            throw new ArgumentException($"The job id '{jobId}' is not one path segment.", nameof(jobId));
        return Path.Combine(_root, jobId, shardPath);
    }

    private static string ShardPathPrefix(ShardWriter writer) => string.Create(
        CultureInfo.InvariantCulture, $"step-{writer.Step:D8}/attempt-{writer.Attempt}/rank-{writer.Rank}-");
}
