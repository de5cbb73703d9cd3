using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Control;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Ranks;
using Orchestrator.Agent.Training;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Watching;

/// <summary>
/// Puts the files that were taken into a checkpoint back to where their script reads them, before it starts. Every host
/// of the gang does: each may have a disk of its own.
/// </summary>
internal sealed class PutBack(
    ShardFill fills, CheckpointReader checkpoints, HostIdentity host, JobTable jobs, Outbox outbox,
    ILogger<PutBack> log)
{
    private readonly Lock _gate = new();

    /// <summary>The launch has files to put back.</summary>
    public static bool IsDue(Launch launch) => launch.Watch.Length > 0 && launch.Resume is { Shards.Count: > 0 };

    /// <summary>Puts back what the ranks go on from.</summary>
    /// <param name="specs">The ranks of a launch for which <see cref="IsDue"/> holds.</param>
    /// <param name="launch">The launch.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null when all is in its place, or the attempt is over; otherwise why no rank may start.</returns>
    public async Task<CheckpointFault?> RunAsync(
        IReadOnlyList<RankSpec> specs, Launch launch, CancellationToken cancellationToken)
    {
        // Where rank 0 writes for all, all have the same one.
        foreach (var spec in specs.DistinctBy(spec => spec.Part!.Shards[0].Path))
        {
            if (await RunAsync(spec, WatchRule.PatternOf(launch, spec.Rank), cancellationToken) is { } fault)
                return fault;
        }

        return null;
    }

    private async Task<CheckpointFault?> RunAsync(
        RankSpec spec, WatchPattern pattern, CancellationToken cancellationToken)
    {
        if (await ReadAsync(spec, cancellationToken) is { } unread)
            return unread;
        var shard = spec.Part!.Shards[0];
        if (shard.Files is not [{ Name: var name }] || !ShardOffer.IsInside(name) || !pattern.Takes(name))
        {
            return Tell(spec, new CheckpointFault(
                "shard_not_watched", $"{shard.Path} holds not one file that the job's checkpoint.watch names."));
        }

        try
        {
            Place(spec, pattern, Path.Combine(spec.Resume!.PathFor(spec.Rank), name), pattern.PathOf(name));
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The checkpoint is good, and another host may be able to write.
            return new CheckpointFault(
                "put_back_failed", $"{host.Name} could not write {pattern.PathOf(name)}: {exception.Message}");
        }
    }

    private async Task<CheckpointFault?> ReadAsync(RankSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Restore is not null)
            return await fills.EnsureAsync(spec);
        var fault = await checkpoints.VerifyAsync(spec.Store, spec.Part!, cancellationToken);
        // Rank 0's host has read the whole checkpoint a moment ago. What is missing here, or cannot be read, is more
        // likely a folder that this host does not see than a checkpoint to be given up.
        return fault is null || fault.Code is "shard_missing" or "shard_unreadable" ? fault : Tell(spec, fault);
    }

    private CheckpointFault Tell(RankSpec spec, CheckpointFault fault)
    {
        log.LogError("{Rank} cannot resume: {Reason}", spec.Key, fault.Sentence);
        outbox.Append(ShardEvents.RestoreFailed(spec, (ulong)spec.Part!.Step, (uint)spec.Part.Attempt, fault));
        return fault;
    }

    private void Place(RankSpec spec, WatchPattern pattern, string source, string target)
    {
        if (FileContent.AreSame(source, target))
        {
            lock (_gate)
            {
                if (jobs.Get(spec.JobId).IsOver(spec.Attempt))
                    return;
                MoveAside(pattern, target, FileStamp.TryOf(target));
            }

            log.LogInformation("{File} of {Job} is in its place", target, spec.JobId);
            return;
        }

        var folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        // In the same folder, so that it gets its name in one step; hidden from patterns until then.
        var incoming = Path.Combine(folder, $".{Path.GetFileName(target)}.{host.Name}-{spec.Attempt}.putback");
        try
        {
            File.Copy(source, incoming, overwrite: true);
            File.SetUnixFileMode(incoming, File.GetUnixFileMode(incoming) | UnixFileMode.UserWrite);
            // Not while another attempt does: a copy that took long must not take the place of a newer one.
            lock (_gate)
            {
                if (jobs.Get(spec.JobId).IsOver(spec.Attempt))
                    return;
                MoveAside(pattern, target, unlessOlderThan: null);
                Replace(incoming, target);
            }
        }
        finally
        {
            File.Delete(incoming);
        }

        log.LogInformation("Put {File} of {Job} back, of step {Step}", target, spec.JobId, spec.Resume!.Step);
    }

    // A script that picks the newest of its files would go on from one that the attempt that is over left there: of
    // another step than the checkpoint's and than the other ranks', or torn. What is there with the very content of the
    // checkpoint tells by its time which others are older. Without it nothing does (times survive no way through other
    // hosts and stores, and numbers in names may mean anything), so that all others go. None is deleted: the name
    // changes, and whoever misses one can have it back. Nothing is touched where an attempt starts from nothing: what
    // lies there may be what the job is meant to begin with.
    private static void MoveAside(WatchPattern pattern, string target, FileStamp? unlessOlderThan) =>
        Superseded.MoveAside(pattern.Files().Where(file => file.Path != target
            && (unlessOlderThan is null || file.WrittenAt >= unlessOlderThan.WrittenAt)));

    // At no moment is there no file: on a folder that hosts share, another host's ranks may be looking for it.
    private static void Replace(string incoming, string target)
    {
        if (File.Exists(target))
            File.Replace(incoming, target, target + Superseded.Ending);
        else
            File.Move(incoming, target, overwrite: true);
    }
}
