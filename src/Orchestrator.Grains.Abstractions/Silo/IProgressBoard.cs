using Orchestrator.Domain.Jobs;

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
