using Orchestrator.Domain.Nodes;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>Events that the control plane has not acknowledged, in the order in which they happened.</summary>
internal sealed class Outbox
{
    private readonly List<NodeEvent> _events = [];

    public void Add(NodeEvent seen) => _events.Add(seen);

    public void Clear() => _events.Clear();

    /// <summary>The event after those that this stream has sent; null when there is none.</summary>
    public NodeEvent? Next(VirtualStream stream) => stream.Sent < _events.Count ? _events[stream.Sent] : null;

    /// <summary>All that the stream sent is stored: the agent forgets it.</summary>
    public void Acknowledge(VirtualStream stream)
    {
        _events.RemoveRange(0, stream.Sent);
        stream.Sent = 0;
    }
}
