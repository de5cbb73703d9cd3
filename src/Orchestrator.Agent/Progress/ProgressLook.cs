using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Progress;

/// <summary>Looks at what a rank wrote, and takes the steps in it as if its script had reported them.</summary>
internal sealed class ProgressLook(ProgressDesk desk, TimeProvider time, ILogger<ProgressLook> log)
{
    /// <param name="rank">Nothing happens for a rank whose script reports.</param>
    /// <param name="isLast">The rank has ended: what it wrote last counts before its end is told.</param>
    public void At(TrackedRank rank, bool isLast = false)
    {
        if (rank.Reader is not { } reader)
            return;
        lock (reader.Gate)
        {
            try
            {
                var view = rank.Progress.View;
                if (reader.Look(view.HighestStep, isLast) is { } steps)
                    desk.Take(rank, new StepReport(steps.Highest, time.GetTimestamp(), steps.First, view.Phase));
                reader.HasFailed = false;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // One line per edge; the next look may be able to read it, and no rank ends for want of progress.
                if (!reader.HasFailed)
                    log.LogWarning("The progress of {Rank} cannot be read: {Reason}", rank.Key, exception.Message);
                reader.HasFailed = true;
            }
        }
    }
}
