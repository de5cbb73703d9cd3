using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Watching;

/// <summary>Looks for the next file of one rank.</summary>
internal sealed class RankWatch(WatchRule rule, RankFolder folder)
{
    private WatchMark? _mark;
    private FileStamp? _seen;
    private FileStamp? _passed;
    private long _refusedAt;
    private ulong _toldStep;
    private volatile bool _isTaking;

    public WatchRule Rule => rule;

    public WatchMark Mark => _mark ??= folder.ReadWatched();

    /// <summary>The files could not be looked at the last time.</summary>
    public bool HasFailed { get; set; }

    /// <summary>A file is being taken in: the next look comes after it.</summary>
    public bool IsTaking
    {
        get => _isTaking;
        set => _isTaking = value;
    }

    /// <summary>Looks for a new file that nobody wrote between two looks.</summary>
    /// <param name="toldStep">The highest step that the rank told; 0 for none.</param>
    /// <param name="time">For the pause after a refusal.</param>
    /// <returns>The newest file, and its step as far as it was told; null when it is not new, or not still.</returns>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    public (FileStamp File, ulong ToldStep)? Look(ulong toldStep, TimeProvider time)
    {
        var newest = rule.Newest();
        if (newest is null || !Mark.IsBefore(newest))
            return null;
        if (newest != _seen)
        {
            // The rank goes on while its file is found to stand still, and is a few steps further by then.
            (_seen, _toldStep) = (newest, toldStep);
            return null;
        }

        var isPassed = newest == _passed
            && (_refusedAt == 0 || time.GetElapsedTime(_refusedAt) < AgentLimits.WatchRetry);
        return isPassed ? null : (newest, _toldStep);
    }

    /// <summary>The file is not to be taken as it is: it is passed over until it changes.</summary>
    public void Pass(FileStamp file) => (_passed, _refusedAt) = (file, 0);

    /// <summary>The file could not be taken now: it is tried again after a while.</summary>
    public void PassFor(FileStamp file, TimeProvider time) => (_passed, _refusedAt) = (file, time.GetTimestamp());

    /// <summary>Notes a file as taken; only files written after it are new.</summary>
    /// <exception cref="IOException">The disk does not take the note; this agent knows it all the same.</exception>
    public void Take(FileStamp file, ulong step)
    {
        _mark = new WatchMark(file, step);
        folder.WriteWatched(_mark);
    }
}
