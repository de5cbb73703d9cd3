using Orchestrator.Agent.Host;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Control;

/// <summary>Events that the control plane has not acknowledged yet, in the order in which they happened.</summary>
/// <remarks>
/// It is memory only: after a restart of the agent its Hello tells the truth instead. It is bounded: when it is full
/// it forgets everything and asks for a new stream, whose Hello again tells the truth.
/// </remarks>
internal sealed class Outbox
{
    // Ids rise over restarts of the agent too, so that nobody takes a new event for an old one.
    private const int IdsPerSession = 1 << 20;
    private readonly Lock _gate = new();
    private readonly LinkedList<Entry> _entries = [];
    private readonly TimeProvider _time;
    private readonly AsyncSignal _work;
    private ulong _lastId;
    private bool _overflowed;

    public Outbox(HostIdentity host, TimeProvider time, AsyncSignal work)
    {
        _time = time;
        _work = work;
        _lastId = (host.Sessions.Value + 1) * IdsPerSession;
    }

    /// <summary>Adds an event.</summary>
    /// <param name="body">The event; its id and age are set here.</param>
    /// <param name="age">How long ago it happened.</param>
    public void Append(AgentEvent body, TimeSpan age = default)
    {
        lock (_gate)
        {
            if (_entries.Count >= AgentLimits.OutboxEvents)
            {
                _entries.Clear();
                _overflowed = true;
            }

            var entry = body.Clone();
            entry.EventId = ++_lastId;
            var ticksAgo = (long)(age.TotalSeconds * _time.TimestampFrequency);
            _entries.AddLast(new Entry(entry, _time.GetTimestamp() - ticksAgo));
        }

        _work.Set();
    }

    /// <summary>Forgets all events up to and including the id.</summary>
    public void Acknowledge(ulong eventId)
    {
        lock (_gate)
        {
            while (_entries.First is { } first && first.Value.Event.EventId <= eventId)
                _entries.RemoveFirst();
        }
    }

    /// <summary>The next event to send after the given one, with its age as of now; null when there is none.</summary>
    public AgentEvent? Next(ulong afterId)
    {
        lock (_gate)
        {
            var node = _entries.First;
            while (node is not null && node.Value.Event.EventId <= afterId)
                node = node.Next;
            return node is null ? null : WithAge(node.Value);
        }
    }

    /// <summary>True once after events were lost; the stream must then be opened again.</summary>
    public bool TakeOverflow()
    {
        lock (_gate)
        {
            var overflowed = _overflowed;
            _overflowed = false;
            return overflowed;
        }
    }

    private AgentEvent WithAge(Entry entry)
    {
        var sent = entry.Event.Clone();
        sent.AgeMs = (ulong)Math.Max(0, _time.GetElapsedTime(entry.At).TotalMilliseconds);
        if (sent.RankExited is { Exit: { } exit })
            exit.AgeMs = sent.AgeMs;
        return sent;
    }

    private sealed record Entry(AgentEvent Event, long At);
}
