using Orchestrator.Domain.Leases;

namespace Orchestrator.Simulation.Hosts;

/// <summary>One session's stream between an agent and the gateway.</summary>
internal sealed class AgentStream(Host host, long session)
{
    public Host Host => host;

    public long Session => session;

    public bool IsOpen { get; set; } = true;

    /// <summary>The agent that opened it speaks on it.</summary>
    public bool IsHeld => host.Stream == this;

    /// <summary>
    /// The gateway has said that no heartbeat comes, and answers none until the node knows of the return.
    /// </summary>
    public bool IsStale { get; set; }

    /// <summary>Its node is being told of the silence, and must hear of that before it hears of the return.</summary>
    public bool IsLossUntold { get; set; }

    /// <summary>Whom the agent was told to ask, on this stream.</summary>
    public IReadOnlyList<string>? Told { get; set; }

    /// <summary>Events sent and not acknowledged.</summary>
    public int Sent { get; set; }

    /// <summary>An event is on its way up.</summary>
    public bool IsUpBusy { get; set; }

    /// <summary>An order is on its way down.</summary>
    public bool IsDownBusy { get; set; }

    public Queue<NodeOrder> Down { get; } = [];
}
