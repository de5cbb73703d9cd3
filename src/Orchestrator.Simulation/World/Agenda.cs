namespace Orchestrator.Simulation.World;

/// <summary>All that will happen, by time; what shares a moment happens in the order in which it was planned.</summary>
internal sealed class Agenda(VirtualClock clock)
{
    private readonly PriorityQueue<Happening, (TimeSpan At, long Order)> _queue = new();
    private long _planned;

    public int Count => _queue.Count;

    public void In(TimeSpan delay, string what, string whom, Action act, bool isFault = false) =>
        _queue.Enqueue(
            new Happening(what, whom, act, isFault),
            (clock.Passed + (delay < TimeSpan.Zero ? TimeSpan.Zero : delay), _planned++));

    /// <summary>Takes the next happening and moves the clock to it.</summary>
    public bool TryNext(out Happening next)
    {
        if (!_queue.TryDequeue(out next!, out var priority))
        {
            return false;
        }

        clock.AdvanceTo(priority.At);
        return true;
    }

    /// <summary>When the next happening is; null when nothing will happen.</summary>
    public TimeSpan? NextAt => _queue.TryPeek(out _, out var priority) ? priority.At : null;
}
