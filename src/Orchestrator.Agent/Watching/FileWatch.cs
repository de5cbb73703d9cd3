using Orchestrator.Agent.Commands;
using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Watching;

/// <summary>Looks about once a second for finished files of running ranks whose job names them.</summary>
internal sealed class FileWatch(
    RankTable table, FileIntake intake, JobQueues queues, TimeProvider time, ILogger<FileWatch> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            foreach (var rank in table.Running.Where(rank => rank.Watch is { IsTaking: false }))
                Look(rank, stoppingToken);
            await Task.Delay(AgentLimits.WatchLook, time, stoppingToken);
        }
    }

    private void Look(TrackedRank rank, CancellationToken cancellationToken)
    {
        var watch = rank.Watch!;
        try
        {
            var found = watch.Look(rank.Progress.View.HighestStep, time);
            watch.HasFailed = false;
            // Whoever holds it open may be about to go on with it.
            if (found is not var (file, step)
                || (rank.Process is { } process && OpenFiles.IsWritten(process.Pid, file.Path)))
                return;
            watch.IsTaking = true;
            // A large file takes its time, and the other ranks' are not to wait for it.
            queues.Watch(Task.Run(() => TakeAsync(rank, watch, file, step, cancellationToken), cancellationToken));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // One line per edge; the next look may be able to read it.
            if (!watch.HasFailed)
                log.LogWarning("{Path} of {Rank} cannot be looked at: {Reason}",
                    watch.Rule.Path, rank.Key, exception.Message);
            watch.HasFailed = true;
        }
    }

    private async Task TakeAsync(
        TrackedRank rank, RankWatch watch, FileStamp file, ulong step, CancellationToken cancellationToken)
    {
        try
        {
            await intake.TakeAsync(rank, file, step, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The rank may have replaced it meanwhile, or a disk is full: training goes on either way.
            log.LogWarning("{File} of {Rank} could not be taken: {Reason}", file.Path, rank.Key, exception.Message);
            watch.PassFor(file, time);
        }
        finally
        {
            watch.IsTaking = false;
        }
    }
}
