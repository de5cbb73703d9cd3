using Orchestrator.Domain.Jobs;

namespace Orchestrator.Grains.Silo;

/// <summary>The newest steps of running jobs, out of heartbeats: in memory of each silo, never stored.</summary>
public interface IProgressBoard
{
    /// <summary>The progress of an attempt.</summary>
    /// <param name="job">The job.</param>
    /// <param name="attempt">The attempt.</param>
    /// <returns>Null before its first step, and on a silo that has not heard of it yet.</returns>
    JobProgress? Find(string job, int attempt);
}
