using Orchestrator.Domain;
using Orchestrator.Domain.Leases;

namespace Orchestrator.Grains.Nodes;

/// <summary>The open stream to one agent: an object of the silo that holds the stream, never a grain.</summary>
[Alias("orchestrator.INodeConnection")]
public interface INodeConnection : IGrainObserver
{
    /// <summary>Writes an order to the stream.</summary>
    /// <param name="order">The order.</param>
    /// <returns>When it is in the stream's queue.</returns>
    [Alias("Send")]
    Task Send(NodeOrder order);

    /// <summary>Ends the stream: the agent has to attach anew and tell the whole truth.</summary>
    /// <param name="reason">Why.</param>
    /// <returns>A task.</returns>
    [Alias("Close")]
    Task Close(Reason reason);
}
