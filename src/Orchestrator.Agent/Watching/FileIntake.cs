using Orchestrator.Agent.Ranks;
using Orchestrator.Agent.Training;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Watching;

/// <summary>Takes a file that stands still into the checkpoints, as if its rank had saved it by the client.</summary>
internal sealed class FileIntake(ShardDesk shards, TimeProvider time, ILogger<FileIntake> log)
{
    /// <summary>Takes it, or notes that it is passed over.</summary>
    /// <exception cref="IOException">The file or the place of checkpoints failed.</exception>
    public async Task TakeAsync(TrackedRank rank, FileStamp file, ulong toldStep, CancellationToken cancellationToken)
    {
        var watch = rank.Watch!;
        if (!FileKinds.IsWhole(file.Path))
        {
            watch.Pass(file);
            log.LogWarning("{File} of {Rank} stands still and is not whole: it is not taken", file.Path, rank.Key);
        }
        else if (IsPutBack(rank, watch, file))
        {
            watch.Take(file, watch.Mark.Step);
        }
        else if (watch.Mark.StepOf(watch.Rule, file, toldStep) is not { } step)
        {
            watch.Pass(file);
            log.LogWarning("{File} of {Rank} is not taken: the '*' of {Pattern} must stand for a number above {Step}",
                file.Path, rank.Key, watch.Rule.Path, watch.Mark.Step);
        }
        else
        {
            await TakeAsync(rank, watch, file, step, cancellationToken);
        }
    }

    // A script that writes out again what it has just read has saved nothing new.
    private static bool IsPutBack(TrackedRank rank, RankWatch watch, FileStamp file) =>
        rank.Spec is { Resume: { } resume, Part.Shards: [{ Files: [var part] }] }
        && watch.Mark.Step == resume.Step && part.SizeBytes == file.SizeBytes
        && FileContent.AreSame(file.Path, Path.Combine(resume.PathFor(rank.Key.Rank), part.Name));

    private async Task TakeAsync(
        TrackedRank rank, RankWatch watch, FileStamp file, ulong step, CancellationToken cancellationToken)
    {
        var opened = shards.Begin(
            rank.Key, new BeginCheckpointRequest { Step = step, SizeBytes = (ulong)file.SizeBytes });
        if (opened.RefusalCode.Length > 0)
        {
            watch.PassFor(file, time);
            return;
        }

        var isTaken = false;
        try
        {
            isTaken = Copy(file, Path.Combine(opened.Directory, watch.Rule.Pattern.NameOf(file.Path)))
                && await CommitAsync(rank, watch, opened.Directory, step, cancellationToken);
        }
        finally
        {
            if (!isTaken)
                Drop(opened.Directory);
        }

        if (!isTaken)
        {
            watch.PassFor(file, time);
            return;
        }

        watch.Take(file, step);
        log.LogInformation("Took {File} of {Rank} as step {Step}", file.Path, rank.Key, step);
    }

    // False for a file that was written meanwhile: its copy may be of both.
    private static bool Copy(FileStamp file, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        // Shares the blocks where the file system can, and copies inside the kernel where not.
        File.Copy(file.Path, target);
        File.SetUnixFileMode(target, File.GetUnixFileMode(target) | UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return FileStamp.TryOf(file.Path) == file;
    }

    private async Task<bool> CommitAsync(
        TrackedRank rank, RankWatch watch, string directory, ulong step, CancellationToken cancellationToken)
    {
        var request = new CommitCheckpointRequest
        {
            Step = step,
            Directory = directory,
            ShardsExpected = watch.Rule.ShardsExpected,
        };
        return (await shards.CommitAsync(rank.Key, request, cancellationToken)).Stored;
    }

    private void Drop(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
                Directory.Delete(directory, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It goes with the older checkpoints when a newer one is kept.
            log.LogWarning("{Directory} could not be deleted: {Reason}", directory, exception.Message);
        }
    }
}
