using System.Collections.Concurrent;
using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Progress;

/// <summary>Keeps the progress of ranks on the disk, for the next agent; seldom, because it is a write.</summary>
internal sealed class ProgressKeeper(TimeProvider time, ILogger<ProgressKeeper> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<RankKey, long> _written = new();

    public void Reported(TrackedRank rank, bool atOnce)
    {
        var isDue = !_written.TryGetValue(rank.Key, out var last) || time.GetElapsedTime(last) >= Interval;
        if (!isDue && !atOnce)
            return;
        _written[rank.Key] = time.GetTimestamp();
        Keep(rank);
    }

    /// <summary>The rank was released; nothing more will be reported of it.</summary>
    public void Forget(TrackedRank rank) => _written.TryRemove(rank.Key, out _);

    public void Keep(TrackedRank rank)
    {
        var view = rank.Progress.View;
        try
        {
            rank.Folder.WriteProgress(new SavedProgress(view.HighestStep, view.FirstStep, rank.Reader?.Marks));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The rank repeats its progress with the next report; nothing but a restart just now would lose it.
            log.LogWarning("Progress of {Rank} could not be kept: {Reason}", rank.Key, exception.Message);
        }
    }
}
