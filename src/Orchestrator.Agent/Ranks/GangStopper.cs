using System.ComponentModel;
using Orchestrator.Agent.Host;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Ranks;

/// <summary>Ends ranks, and knows when they have ended.</summary>
internal sealed class GangStopper(
    RankTable table, Stragglers stragglers, TimeProvider time, ILogger<GangStopper> log)
{
    private static readonly TimeSpan StubbornAfter = TimeSpan.FromSeconds(10);

    /// <summary>The running ranks of an attempt and of every earlier one.</summary>
    public IReadOnlyList<TrackedRank> RunningUpTo(string jobId, uint attempt) =>
        [.. table.OfJob(jobId).Where(rank => rank.IsRunning && rank.Key.Attempt <= attempt)];

    /// <summary>Sends a signal to the whole process group of each rank.</summary>
    public void Signal(IEnumerable<TrackedRank> ranks, int signal)
    {
        foreach (var rank in ranks)
        {
            MarkStop(rank);
            TrySignal(rank, signal);
        }
    }

    // An end that is older than this moment was not the stop's doing, whenever it becomes known.
    private void MarkStop(TrackedRank rank)
    {
        try
        {
            rank.StoppedAt ??= BootClock.Now;
            rank.Folder.MarkStop(rank.StoppedAt.Value);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Needed by a later agent only; a full disk must not keep a rank alive.
            log.LogError("The stop of {Rank} could not be noted: {Reason}", rank.Key, exception.Message);
        }
    }

    private void TrySignal(TrackedRank rank, int signal)
    {
        try
        {
            // The end may be known to the supervisor only; a group whose first process is gone is that one's to end.
            if (rank.Process is { IsAlive: true } process)
                NativeProcess.SignalGroup(process.Pid, signal);
        }
        catch (Exception exception) when (exception is IOException or Win32Exception)
        {
            // The other ranks get theirs all the same, and who waits for the end signals this one again.
            log.LogError("{Rank} could not be signalled: {Reason}", rank.Key, exception.Message);
        }
    }

    /// <summary>Waits for the ranks to end; false when some run on after the time.</summary>
    public async Task<bool> EndedWithinAsync(
        IReadOnlyList<TrackedRank> ranks, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await AllEnded(ranks).WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Waits for as long as it takes: nobody may be told that a rank ended which has not.</summary>
    public async Task EndedAsync(IReadOnlyList<TrackedRank> ranks, CancellationToken cancellationToken)
    {
        while (!await EndedWithinAsync(ranks, StubbornAfter, cancellationToken))
        {
            log.LogWarning(
                "Still running after SIGKILL, perhaps inside a driver: {Ranks}",
                string.Join("; ", ranks.Where(rank => rank.IsRunning).Select(rank => rank.Key.ToString())));
            Signal(ranks.Where(rank => rank.IsRunning), NativeProcess.SignalKill);
        }
    }

    /// <summary>
    /// Ends what left its rank's process group. A search that takes longer than the caller's patience goes on alone.
    /// </summary>
    /// <exception cref="IOException">The processes of the host cannot be listed.</exception>
    public async Task EndStragglersAsync(
        string jobId, uint attempt, TimeSpan patience, CancellationToken cancellationToken)
    {
        var search = Task.Run(() => stragglers.End(jobId, attempt), cancellationToken);
        try
        {
            await search.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            _ = LogFailureAsync(search);
        }
    }

    private async Task LogFailureAsync(Task search)
    {
        await search.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (search.Exception is { } failure)
            log.LogError("What ranks left behind was not all found: {Reason}", failure.GetBaseException().Message);
    }

    /// <summary>Says that nothing is left.</summary>
    public static AgentEvent Stopped(string jobId, uint attempt) => new()
    {
        GangStopped = new GangStopped { JobId = jobId, Attempt = attempt },
    };

    private static Task AllEnded(IReadOnlyList<TrackedRank> ranks) => Task.WhenAll(ranks.Select(rank => rank.Ended));
}
