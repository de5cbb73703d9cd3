using Orchestrator.Agent.Control;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Progress;

namespace Orchestrator.Agent.Ranks;

/// <summary>Notices the end of ranks: at once by notices of their supervisors, and by a slow look at all.</summary>
internal sealed class ExitWatch(
    StateFolder state,
    RankTable table,
    Outbox outbox,
    ProgressLook look,
    ProgressKeeper progress,
    TimeProvider time,
    ILogger<ExitWatch> log) : BackgroundService
{
    private readonly AsyncSignal _notice = new();
    private readonly HashSet<RankKey> _missing = [];
    private readonly HashSet<int> _supervisors = [];

    /// <summary>The control plane was told of the starts, so that it may be told of the ends.</summary>
    public void MayTellEndOf(IEnumerable<TrackedRank> ranks)
    {
        foreach (var rank in ranks)
            rank.IsStartTold = true;
        _notice.Set();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var watcher = TryWatch();
        while (true)
        {
            var noticed = Try("the notices", () => Directory.GetFiles(state.Notices)) ?? [];
            foreach (var rank in table.Running)
                Try(rank.Key.ToString(), () => Check(rank));
            foreach (var notice in noticed)
                Try(notice, () => File.Delete(notice));
            // A supervisor goes a moment after it has told the end, so most are found gone a round later.
            _supervisors.RemoveWhere(NativeProcess.Reap);
            await _notice.WaitAsync(AgentLimits.ExitPoll, time, stoppingToken);
        }
    }

    private FileSystemWatcher? TryWatch() => Try("the notices", () =>
    {
        var watcher = new FileSystemWatcher(state.Notices) { NotifyFilter = NotifyFilters.FileName };
        watcher.Created += (_, _) => _notice.Set();
        // Notices may be lost when too many come at once; the slow look finds what they told.
        watcher.Error += (_, error) => log.LogWarning("Notices are delayed: {Reason}", error.GetException().Message);
        watcher.EnableRaisingEvents = true;
        return watcher;
    });

    private void Try(string what, Action look) => Try<object>(what, () =>
    {
        look();
        return null;
    });

    // Too many open files, or a disk that fails for a moment: what is not seen now is seen in a later round. An
    // exception that left this loop would end the agent, and the ranks' leases with it.
    private TSeen? Try<TSeen>(string what, Func<TSeen?> look)
        where TSeen : class
    {
        try
        {
            return look();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.LogError("Looking at {What} failed: {Reason}", what, exception.Message);
            return null;
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.LogError("The end of {Rank} could not be noted: {Reason}", rank.Key, exception.Message);
            return new RankOutcome(RankOutcome.KilledStatus, BootClock.Now, LeaseExpired: false, WasStopped: false);
        }
    }

    private void Report(TrackedRank rank, RankOutcome written)
    {
        var end = written with { WasStopped = written.WasStopped || rank.StoppedAt <= written.At };
        look.At(rank, isLast: true);
        // Whatever can fail comes before the end is set: once it is, no later round would tell of it.
        var news = ExitReport.EventOf(rank, end);
        var age = TimeSpan.FromMilliseconds(BootClock.AgeMilliseconds(end.At));
        if (rank.Supervisor is { } supervisor)
            _supervisors.Add(supervisor);
        _missing.Remove(rank.Key);
        if (!rank.TryEnd(end))
            return;
        outbox.Append(news, age);
        progress.Keep(rank);
        rank.Announce();
        log.LogInformation("{Rank} ended with {End}{Stopped}", rank.Key, end, end.WasStopped ? ", stopped" : "");
    }
}
