using Orchestrator.Domain.Leases;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>One session's stream between an agent and its node.</summary>
internal sealed class VirtualStream(long session)
{
    public long Session => session;

    public bool IsOpen { get; set; } = true;

    /// <summary>Events sent and not acknowledged.</summary>
    public int Sent { get; set; }

    /// <summary>Whole seconds in which nothing was heard on the open stream.</summary>
    public int SilentSeconds { get; set; }

    public Queue<NodeOrder> Down { get; } = [];
}
