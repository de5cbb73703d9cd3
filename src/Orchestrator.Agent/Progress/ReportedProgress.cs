namespace Orchestrator.Agent.Progress;

/// <summary>What a running rank said about itself.</summary>
internal sealed class ReportedProgress
{
    private readonly Lock _gate = new();
    private ProgressView _view = new(0, 0, 0, "");

    public ProgressView View
    {
        get
        {
            lock (_gate)
                return _view;
        }
    }

    /// <summary>Takes over what an earlier agent knew.</summary>
    public void Restore(SavedProgress saved)
    {
        lock (_gate)
            _view = _view with { HighestStep = saved.HighestStep, FirstStep = saved.FirstStep };
    }

    /// <summary>Takes a report; true when it is the first one that names a first step.</summary>
    /// <param name="step">Highest step finished.</param>
    /// <param name="finishedAt">Monotonic timestamp at which that step was finished.</param>
    /// <param name="firstStep">First step finished in the process; 0 before it.</param>
    /// <param name="phase">The phase that the script named.</param>
    public bool Report(ulong step, long finishedAt, ulong firstStep, string phase)
    {
        lock (_gate)
        {
            var isFirst = firstStep != 0 && _view.FirstStep == 0;
            var next = _view with { Phase = phase, FirstStep = isFirst ? firstStep : _view.FirstStep };
            // Reports may overtake one another; progress never goes back within an attempt.
            _view = step >= _view.HighestStep ? next with { HighestStep = step, FinishedAt = finishedAt } : next;
            return isFirst;
        }
    }
}

/// <summary>Progress at one moment.</summary>
/// <param name="HighestStep">Highest step finished; 0 without reports.</param>
/// <param name="FinishedAt">Monotonic timestamp of that step.</param>
/// <param name="FirstStep">First step finished in the attempt; 0 before it.</param>
/// <param name="Phase">The phase that the script named; empty without one.</param>
internal sealed record ProgressView(ulong HighestStep, long FinishedAt, ulong FirstStep, string Phase);
