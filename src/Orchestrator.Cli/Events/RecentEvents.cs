using Google.Protobuf.WellKnownTypes;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Events;

/// <summary>Remembers what was shown: a watch that was opened again begins with the history once more.</summary>
internal sealed class RecentEvents
{
    /// <summary>More than the history that a watch begins with.</summary>
    private const int Capacity = 4_096;

    private readonly HashSet<(Timestamp, EventKind, string, string)> _known = [];
    private readonly Queue<(Timestamp, EventKind, string, string)> _order = new();

    /// <summary>True the first time; a gap is always new.</summary>
    public bool IsNew(Event one)
    {
        // The rest of an event may be told less fully after a restart of the control plane.
        var identity = (one.At, one.Kind, one.Subject, one.To);
        if (one.Kind == EventKind.Gap)
            return true;
        if (!_known.Add(identity))
            return false;
        _order.Enqueue(identity);
        if (_order.Count > Capacity)
            _known.Remove(_order.Dequeue());
        return true;
    }
}
