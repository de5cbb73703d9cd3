namespace Orchestrator.Simulation.Grains;

/// <summary>The gateway's memory of training: the newest step of each attempt, and when it ended.</summary>
internal sealed class ProgressBoard
{
    private readonly Dictionary<string, (int Attempt, long Step, DateTimeOffset FinishedAt)> _newest = [];

    public void Report(string job, int attempt, long step, DateTimeOffset finishedAt)
    {
        var known = _newest.GetValueOrDefault(job);
        if (attempt > known.Attempt || (attempt == known.Attempt && step > known.Step))
        {
            _newest[job] = (attempt, step, finishedAt);
        }
    }

    public (long Step, DateTimeOffset FinishedAt)? Find(string job, int attempt) =>
        _newest.TryGetValue(job, out var known) && known.Attempt == attempt ? (known.Step, known.FinishedAt) : null;

    public void Clear() => _newest.Clear();
}
