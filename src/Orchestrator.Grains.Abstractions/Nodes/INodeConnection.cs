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

    /// <summary>Begins to read a rank's output.</summary>
    /// <param name="request">Which part of it.</param>
    /// <param name="sink">Where the pieces go, the last one with the reason when the log did not end by itself.</param>
    /// <returns>The reading's number.</returns>
    [Alias("OpenLog")]
    Task<ulong> OpenLog(LogRequest request, ILogSink sink);

    /// <summary>Whether a reading still goes on.</summary>
    /// <param name="reading">Its number.</param>
    /// <returns>False when it ended, or was never begun on this stream.</returns>
    [Alias("IsReading")]
    Task<bool> IsReading(ulong reading);

    /// <summary>Ends a reading. Ending it again changes nothing.</summary>
    /// <param name="reading">Its number.</param>
    /// <returns>A task.</returns>
    [Alias("CloseLog")]
    Task CloseLog(ulong reading);

    /// <summary>Asks the agent about a store.</summary>
    /// <param name="question">What.</param>
    /// <param name="sink">Where the parts of the answer go, the last one with the reason when there is none.</param>
    /// <returns>The question's number.</returns>
    [Alias("AskStore")]
    Task<ulong> AskStore(StoreQuestion question, IStoreSink sink);

    /// <summary>Whether a question is still being answered.</summary>
    /// <param name="question">Its number.</param>
    /// <returns>False when it was answered, or was never asked on this stream.</returns>
    [Alias("IsAnswering")]
    Task<bool> IsAnswering(ulong question);

    /// <summary>Nobody waits for the answer any more. Repeating it changes nothing.</summary>
    /// <param name="question">The question's number.</param>
    /// <returns>A task.</returns>
    [Alias("DropQuestion")]
    Task DropQuestion(ulong question);
}
