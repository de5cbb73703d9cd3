using Orchestrator.Domain.Jobs;

namespace Orchestrator.Gateway.Progress;

/// <summary>The steps of one attempt: per rank the highest, and the newest ones for rate and pace.</summary>
internal sealed class AttemptProgress
{
    /// <summary>The rate is that of the last seconds: long enough to be calm, short enough to show a stall.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The pace is that of the last new steps told, however long they took: a slow job has one within minutes.
    /// </summary>
    private const int PacedSteps = 20;

    /// <summary>What scripts call their ordinary training; empty where they name no phase.</summary>
    private static readonly string[] TrainingPhases = ["", "train", "training"];

    private readonly Lock _lock = new();
    private readonly Dictionary<int, (long Step, string Phase)> _ranks = [];
    private readonly Queue<(long Step, DateTimeOffset At)> _recent = new();
    private readonly Queue<(long Step, DateTimeOffset At)> _paced = new();
    private (long Step, DateTimeOffset At) _newest;
    private DateTimeOffset _heardAt;

    public void Report(int rank, RankBeat beat, DateTimeOffset now)
    {
        lock (_lock)
        {
            _heardAt = now;
            _ranks[rank] = (Math.Max(beat.Step, _ranks.GetValueOrDefault(rank).Step), beat.Phase);
            if (beat.Step <= _newest.Step)
            {
                // A step said again is a sign of life, as of a script that goes over its steps anew.
                var isAgain = beat.Step == _newest.Step && beat.FinishedAt > _newest.At;
                _newest = isAgain ? (beat.Step, beat.FinishedAt) : _newest;
                return;
            }

            _newest = (beat.Step, beat.FinishedAt);
            _recent.Enqueue(_newest);
            while (_recent.Peek().At < beat.FinishedAt - Window)
            {
                _recent.Dequeue();
            }

            _paced.Enqueue(_newest);
            if (_paced.Count > PacedSteps)
            {
                _paced.Dequeue();
            }
        }
    }

    public long StepOf(int rank)
    {
        lock (_lock)
        {
            return _ranks.GetValueOrDefault(rank).Step;
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

            var seconds = (_recent.Last().At - oldest.At).TotalSeconds;
            var rate = seconds > 0 ? (_newest.Step - oldest.Step) / seconds : 0;
            return new JobProgress(_newest.Step, _newest.At, rate)
            {
                HeardAt = _heardAt,
                UsualStep = UsualStep(),
                MedianStep = MedianStep(),
                IsTraining = _ranks.Values.All(IsTraining),
            };
        }
    }

    /// <summary>
    /// A rank of which nothing is heard any more has left its phase when the gang went on: no step is finished without
    /// it, and the first one after the phase may have been under way.
    /// </summary>
    private bool IsTraining((long Step, string Phase) rank) =>
        TrainingPhases.Contains(rank.Phase, StringComparer.Ordinal) || rank.Step + 1 < _newest.Step;

    private TimeSpan? UsualStep()
    {
        var (oldest, newest) = (_paced.Peek(), _paced.Last());
        return oldest.Step == newest.Step ? null : (newest.At - oldest.At) / (newest.Step - oldest.Step);
    }

    private TimeSpan? MedianStep()
    {
        var paces = _paced.Zip(_paced.Skip(1), (one, next) => (next.At - one.At) / (next.Step - one.Step))
            .Order().ToArray();
        return paces.Length == 0 ? null : paces[paces.Length / 2];
    }
}
