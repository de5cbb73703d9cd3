namespace Orchestrator.Domain.Jobs;

/// <summary>How far training of one attempt is, as heartbeats tell: kept in memory only.</summary>
/// <param name="Step">Highest step of any rank.</param>
/// <param name="FinishedAt">When it was finished, on the control plane's clock.</param>
/// <param name="StepsPerSecond">Over the last seconds; 0 with fewer than two steps.</param>
public sealed record JobProgress(long Step, DateTimeOffset FinishedAt, double StepsPerSecond)
{
    /// <summary>
    /// When a rank of the attempt last told how far it is: until then, and no longer, is it known that no further step
    /// was finished.
    /// </summary>
    public DateTimeOffset HeardAt { get; init; }

    /// <summary>What a step usually takes; null before two steps were told.</summary>
    public TimeSpan? UsualStep { get; init; }

    /// <summary>
    /// The median of what the newest steps took, so that a save or an evaluation among them does not count; null before
    /// two steps were told.
    /// </summary>
    public TimeSpan? MedianStep { get; init; }

    /// <summary>
    /// Every rank is in its ordinary training: none is in a phase that its script named otherwise, such as an
    /// evaluation or a checkpoint, in which no step is finished for a while. A rank has left its phase when the gang
    /// went on since.
    /// </summary>
    public bool IsTraining { get; init; }
}
