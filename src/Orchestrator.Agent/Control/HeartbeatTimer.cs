using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Control;

/// <summary>When the next heartbeat is due. The control plane sets the interval with every answer.</summary>
internal sealed class HeartbeatTimer(TimeProvider time)
{
    // A control plane that asks for nothing sensible still gets heartbeats, and not a flood of them.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private const int MostUnanswered = 64;
    private readonly Lock _gate = new();
    private TimeSpan _interval = TimeSpan.FromSeconds(1);
    private long _lastSent = time.GetTimestamp();
    private readonly Queue<(ulong Number, TimeSpan At)> _sent = [];
    private ulong _number;

    public TimeSpan UntilDue
    {
        get
        {
            lock (_gate)
                return TimeSpan.FromTicks(Math.Max(0, (_interval - time.GetElapsedTime(_lastSent)).Ticks));
        }
    }

    public void SetInterval(uint milliseconds)
    {
        lock (_gate)
            _interval = TimeSpan.FromMilliseconds(
                Math.Clamp(milliseconds, Shortest.TotalMilliseconds, Longest.TotalMilliseconds));
    }

    /// <summary>The number of the heartbeat to send now, or null when none is due.</summary>
    public ulong? TakeDue()
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_lastSent) < _interval)
                return null;
            _lastSent = time.GetTimestamp();
            _sent.Enqueue((++_number, BootClock.Now));
            if (_sent.Count > MostUnanswered)
                _sent.Dequeue();
            return _number;
        }
    }

    /// <summary>When a heartbeat was sent, on the boot clock; null when it was not, or is answered for long.</summary>
    public TimeSpan? SentAt(ulong number)
    {
        lock (_gate)
        {
            while (_sent.TryPeek(out var oldest) && oldest.Number <= number)
            {
                _sent.Dequeue();
                if (oldest.Number == number)
                    return oldest.At;
            }

            return null;
        }
    }
}
