using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>What became of the latest operations, so that a repeat has the same answer and no second effect.</summary>
/// <remarks>Memory only: after a restart each handler finds in the records that its work is done.</remarks>
internal sealed class OperationMemory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Operation> _operations = [];
    private readonly Queue<string> _order = [];

    /// <summary>The operation if it is known; else null, and it is known from now on.</summary>
    public Operation? FindOrAdd(string operationId)
    {
        lock (_gate)
        {
            if (_operations.TryGetValue(operationId, out var known))
                return known;
            if (_order.Count >= AgentLimits.RememberedOperations)
                _operations.Remove(_order.Dequeue());
            _operations[operationId] = new Operation();
            _order.Enqueue(operationId);
            return null;
        }
    }

    /// <summary>Keeps what was reported; empty while the work is still to begin.</summary>
    public void Reported(string operationId, AgentEvent news)
    {
        lock (_gate)
        {
            if (_operations.TryGetValue(operationId, out var operation))
                operation.Add(news);
        }
    }

    /// <summary>Forgets an operation that failed for a reason that a repeat may not meet again.</summary>
    public void Forget(string operationId)
    {
        // Its place in the order stays, which costs nothing but an early end of another's memory.
        lock (_gate)
            _operations.Remove(operationId);
    }
}

/// <summary>The events that told of one operation.</summary>
internal sealed class Operation
{
    private readonly Lock _gate = new();
    private readonly List<AgentEvent> _events = [];

    public IReadOnlyList<AgentEvent> Events
    {
        get
        {
            lock (_gate)
                return [.. _events];
        }
    }

    public void Add(AgentEvent news)
    {
        lock (_gate)
            _events.Add(news);
    }
}
