using System.Collections.Concurrent;
using Orchestrator.Domain.Jobs;
using Orchestrator.Grains.Silo;

namespace Orchestrator.Gateway.Progress;

/// <summary>Steps out of heartbeats. Grains read it when they need a witness; views read it to show the rate.</summary>
internal sealed class ProgressBoard : IProgressBoard
{
    private readonly ConcurrentDictionary<(string Job, int Attempt), AttemptProgress> _attempts = new();

    /// <summary>A rank reported a step.</summary>
    /// <param name="job">The job.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="rank">The rank.</param>
    /// <param name="beat">How far it is.</param>
    /// <param name="now">Now.</param>
    public void Report(string job, int attempt, int rank, RankBeat beat, DateTimeOffset now)
    {
        if (beat.Step <= 0)
        {
            return;
        }

        if (!_attempts.ContainsKey((job, attempt)))
        {
            ForgetOthers(job, attempt);
        }

        _attempts.GetOrAdd((job, attempt), static _ => new AttemptProgress()).Report(rank, beat, now);
    }

    /// <inheritdoc/>
    public JobProgress? Find(string job, int attempt) =>
        _attempts.TryGetValue((job, attempt), out var progress) ? progress.Read() : null;

    /// <summary>Highest step of one rank.</summary>
    /// <param name="job">The job.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="rank">The rank.</param>
    /// <returns>0 without any.</returns>
    public long StepOf(string job, int attempt, int rank) =>
        _attempts.TryGetValue((job, attempt), out var progress) ? progress.StepOf(rank) : 0;

    private void ForgetOthers(string job, int attempt)
    {
        foreach (var key in _attempts.Keys.Where(key => key.Job == job && key.Attempt < attempt))
        {
            _attempts.TryRemove(key, out _);
        }
    }
}
