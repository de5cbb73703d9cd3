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
            // The end may be known to the supervisor only; a group whose first process is gone is that one's to end.
            if (rank.Process is { IsAlive: true } process)
                NativeProcess.SignalGroup(process.Pid, signal);
        }
    }

    // An end that the supervisor has written already was not the stop's doing.
    private void MarkStop(TrackedRank rank)
    {
        if (rank.Folder.ReadEnd() is not null)
            return;
        rank.WasSignalled = true;
        try
        {
            rank.Folder.MarkStop();
        }
        catch (IOException exception)
        {
            // Needed by a later agent only; a full disk must not keep a rank alive.
            log.LogError("The stop of {Rank} could not be noted: {Reason}", rank.Key, exception.Message);
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

    /// <summary>Says that nothing is left, after making sure of it.</summary>
    public AgentEvent Stopped(Command command)
    {
        stragglers.End(command.JobId, command.Attempt);
        return new AgentEvent
        {
            GangStopped = new GangStopped { JobId = command.JobId, Attempt = command.Attempt },
        };
    }

    private static Task AllEnded(IReadOnlyList<TrackedRank> ranks) => Task.WhenAll(ranks.Select(rank => rank.Ended));
}
