using Orchestrator.Grains.Silo;

namespace Orchestrator.Gateway.Progress;

/// <summary>The steps of one attempt: per rank the highest, and a short window for the rate.</summary>
internal sealed class AttemptProgress
{
    /// <summary>The rate is that of the last seconds: long enough to be calm, short enough to show a stall.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<int, long> _steps = [];
    private readonly Queue<(long Step, DateTimeOffset At)> _recent = new();
    private (long Step, DateTimeOffset At) _newest;

    public void Report(int rank, long step, DateTimeOffset finishedAt)
    {
        lock (_lock)
        {
            _steps[rank] = Math.Max(step, _steps.GetValueOrDefault(rank));
            if (step <= _newest.Step)
            {
                return;
            }

            _newest = (step, finishedAt);
            _recent.Enqueue(_newest);
            while (_recent.Peek().At < finishedAt - Window)
            {
                _recent.Dequeue();
            }
        }
    }

    public long StepOf(int rank)
    {
        lock (_lock)
        {
            return _steps.GetValueOrDefault(rank);
        }
    }

    public JobProgress? Read()
    {
        lock (_lock)
        {
            if (!_recent.TryPeek(out var oldest))
            {
                return null;
            }

            var seconds = (_newest.At - oldest.At).TotalSeconds;
            var rate = seconds > 0 ? (_newest.Step - oldest.Step) / seconds : 0;
            return new JobProgress(_newest.Step, _newest.At, rate);
        }
    }
}
