using Orchestrator.Domain.Nodes;

namespace Orchestrator.Simulation.Hosts;

/// <summary>Events that the control plane has not acknowledged, in the order in which they happened.</summary>
internal sealed class Outbox
{
    private readonly List<NodeEvent> _events = [];

    public void Add(NodeEvent seen) => _events.Add(seen);

    public void Clear() => _events.Clear();

    /// <summary>The event after those that this stream has sent; null when there is none.</summary>
    public NodeEvent? Next(AgentStream stream) => stream.Sent < _events.Count ? _events[stream.Sent] : null;

    /// <summary>All that the stream sent is stored: the agent forgets it.</summary>
    public void Acknowledge(AgentStream stream)
    {
        _events.RemoveRange(0, Math.Min(stream.Sent, _events.Count));
        stream.Sent = 0;
    }
}
