using Orchestrator.Agent.Control;
using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Ranks;

/// <summary>Notices the end of ranks: at once by notices of their supervisors, and by a slow look at all.</summary>
internal sealed class ExitWatch(
    StateFolder state,
    RankTable table,
    Outbox outbox,
    ProgressKeeper progress,
    TimeProvider time,
    ILogger<ExitWatch> log) : BackgroundService
{
    private readonly AsyncSignal _notice = new();
    private readonly HashSet<RankKey> _missing = [];

    /// <summary>Looks at all running ranks soon.</summary>
    public void Look() => _notice.Set();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var watcher = new FileSystemWatcher(state.Notices) { NotifyFilter = NotifyFilters.FileName };
        watcher.Created += (_, _) => _notice.Set();
        // Notices may be lost when too many come at once; the slow look finds what they told.
        watcher.Error += (_, error) => log.LogWarning("Notices are delayed: {Reason}", error.GetException().Message);
        watcher.EnableRaisingEvents = true;
        while (true)
        {
            var noticed = Directory.GetFiles(state.Notices);
            foreach (var rank in table.Running)
                Check(rank);
            foreach (var notice in noticed)
                File.Delete(notice);
            await _notice.WaitAsync(AgentLimits.ExitPoll, time, stoppingToken);
        }
    }

    private void Check(TrackedRank rank)
    {
        if (!rank.IsStartTold)
            return;
        if (rank.Folder.ReadEnd() is { } end)
        {
            Report(rank, end);
            return;
        }

        // Twice in a row, because a supervisor writes the end a moment after the process is gone.
        if (rank.HasProcess)
            _missing.Remove(rank.Key);
        else if (!_missing.Add(rank.Key))
            Report(rank, LostEnd(rank));
    }

    private RankOutcome LostEnd(TrackedRank rank)
    {
        try
        {
            return rank.Folder.WriteLostEnd();
        }
        catch (IOException exception)
        {
            log.LogError("The end of {Rank} could not be noted: {Reason}", rank.Key, exception.Message);
            return new RankOutcome(RankOutcome.KilledStatus, BootClock.Now, LeaseExpired: false, WasStopped: false);
        }
    }

    private void Report(TrackedRank rank, RankOutcome written)
    {
        _missing.Remove(rank.Key);
        var end = written with { WasStopped = written.WasStopped || rank.WasSignalled };
        if (!rank.TryEnd(end))
            return;
        if (rank.Supervisor is { } supervisor)
            NativeProcess.Reap(supervisor);
        outbox.Append(ExitReport.EventOf(rank, end), TimeSpan.FromMilliseconds(BootClock.AgeMilliseconds(end.At)));
        progress.Keep(rank);
        rank.Announce();
        log.LogInformation("{Rank} ended with {End}{Stopped}", rank.Key, end, end.WasStopped ? ", stopped" : "");
    }
}
