namespace Orchestrator.Grains.Silo;

/// <summary>The newest steps of running jobs, out of heartbeats: in memory, per silo, never stored.</summary>
public interface IProgressBoard
{
    /// <summary>The progress of an attempt.</summary>
    /// <param name="job">The job.</param>
    /// <param name="attempt">The attempt.</param>
    /// <returns>Null before its first step, or when this silo has no stream of it.</returns>
    JobProgress? Find(string job, int attempt);
}

/// <summary>The progress of one attempt.</summary>
/// <param name="Step">Highest step of any rank.</param>
/// <param name="FinishedAt">When it was finished, on the control plane's clock.</param>
/// <param name="StepsPerSecond">Over the last seconds; 0 with fewer than two steps.</param>
public sealed record JobProgress(long Step, DateTimeOffset FinishedAt, double StepsPerSecond);
