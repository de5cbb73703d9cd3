using Orchestrator.Domain.Jobs;

namespace Orchestrator.Simulation.Grains;

/// <summary>The gateway's memory of training: the newest step of each job's newest attempt, and its pace.</summary>
internal sealed class ProgressBoard
{
    private readonly Dictionary<string, (int Attempt, JobProgress Progress)> _newest = [];

    public void Report(string job, int attempt, long step, DateTimeOffset now)
    {
        var (knownAttempt, known) = _newest.GetValueOrDefault(job);
        if (attempt < knownAttempt || (attempt == knownAttempt && step <= known.Step))
        {
            return;
        }

        _newest[job] = (attempt, new JobProgress(step, now, 0)
        {
            HeardAt = now,
            UsualStep = attempt == knownAttempt ? (now - known.FinishedAt) / (step - known.Step) : null,
            IsTraining = true,
        });
    }

    /// <summary>What is known of an attempt; null before its first step.</summary>
    public JobProgress? Find(string job, int attempt) =>
        _newest.TryGetValue(job, out var known) && known.Attempt == attempt ? known.Progress : null;

    public void Clear() => _newest.Clear();
}
