using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>A node's grain: the same calls in the same order, without a runtime.</summary>
internal sealed class VirtualNode(string name, VirtualFleet fleet)
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(2);
    private VirtualStream? _connection;
    private (string Operation, DateTimeOffset At) _sent;
    private (long Version, DateTimeOffset At) _told;

    public string Name => name;

    public NodeState State { get; private set; } = new();

    private DateTimeOffset Now => fleet.Clock.Now;

    public bool Attach(AgentHello hello, VirtualStream stream)
    {
        var decision = NodeContact.Attach(State, hello, Now);
        if (decision.Refusal is not null)
        {
            return false;
        }

        _connection = stream;
        _sent = default;
        Turn(decision.State);
        return true;
    }

    public void KeepConnection(VirtualStream stream)
    {
        if (stream.Session == State.SessionNumber)
        {
            _connection = stream;
            Turn(NodeContact.Keep(State, stream.Session, Now));
        }
    }

    public void LoseContact(long session)
    {
        if (session == State.SessionNumber)
        {
            _connection = null;
        }

        Turn(NodeContact.Lose(State, session, new Reason("stream_ended", "Its agent's stream ended."), Now));
    }

    public void Observe(long session, NodeEvent seen) => Turn(NodeObservations.Take(State, session, seen));

    public LeaseGrant? Grant(string job, TimeSpan duration)
    {
        var decision = NodeLeasing.Grant(State, job, duration, Now);
        Turn(decision.State);
        return decision.Refusal is null ? new LeaseGrant(State.Name, State.LeaseNumber, State.Address) : null;
    }

    public (LeaseReport? Report, Reason? Refusal) Order(NodeOrder order)
    {
        var decision = NodeLeasing.Order(State, order, Now);
        Turn(decision.State);
        return (decision.Refusal is null ? ReportOrNull(order.LeaseNumber) : null, decision.Refusal);
    }

    public LeaseReport? Convict(long leaseNumber, Reason reason, string? incident)
    {
        var convicted = NodeContact.Convict(State, leaseNumber, reason, incident, Now);
        var isNews = !ReferenceEquals(convicted, State);
        Turn(convicted);
        if (isNews && _connection is { } connection)
        {
            _connection = null;
            connection.IsOpen = false;
        }

        return ReportOrNull(leaseNumber);
    }

    public LeaseReport? Vouch(long leaseNumber, Reason reason)
    {
        Turn(NodeContact.Vouch(State, leaseNumber, reason, Now));
        return ReportOrNull(leaseNumber);
    }

    public void Judge(Domain.Gpus.DeviceVerdict verdict) => Turn(NodeFitness.Judge(State, verdict, Now));

    public void Drain(bool movesJob) =>
        Turn(NodeDrain.Drain(State, Cordon.Operators, "Maintenance.", movesJob, Now).State);

    public void Resume(bool isForced) =>
        Turn(NodeDrain.Resume(State, Cordon.Operators, "Done.", isForced, Now).State);

    public void Tick() => Turn(NodeContact.Tick(State, Now));

    /// <summary>Its silo ended: what was not stored is forgotten.</summary>
    public void Reload()
    {
        _connection = null;
        _sent = default;
        _told = default;
        State = NodeContact.Reload(State, Now);
    }

    private void Turn(NodeState next)
    {
        var before = State;
        State = next;
        fleet.Watch.Node(before, next);
        Deliver();
        Tell();
        if (State.IsAvailable && !before.IsAvailable)
        {
            fleet.Mail.Post(fleet.Pool.CapacityChanged);
        }
    }

    private void Deliver()
    {
        if (_connection is not { } connection || NodeDelivery.Due(State) is not { } order
            || (_sent.Operation == order.OperationId && Now - _sent.At < RepeatAfter))
        {
            return;
        }

        _sent = (order.OperationId, Now);
        connection.Down.Enqueue(order);
    }

    private void Tell()
    {
        if (State.Lease is not { HasNews: true } lease
            || (_told.Version == lease.NewsVersion && Now - _told.At < RepeatAfter))
        {
            return;
        }

        _told = (lease.NewsVersion, Now);
        var report = NodeLeasing.Report(State);
        fleet.Mail.Post(() => fleet.Job(lease.Job).Hear(report));
    }

    public void Acknowledge(long leaseNumber, long version) =>
        State = NodeLeasing.Acknowledge(State, leaseNumber, version);

    private LeaseReport? ReportOrNull(long leaseNumber) =>
        State.Lease?.Number == leaseNumber ? NodeLeasing.Report(State) : null;
}
