using Orchestrator.Domain;
using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Checkers;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Grains;

/// <summary>A node's grain in memory: the calls of the real one in the same order, without a runtime.</summary>
internal sealed class NodeActivation : Activation<NodeState>
{
    private AgentStream? _connection;
    private Repetition _sent;
    private Repetition _told;
    private NodeCall _call;
    private string? _owner;

    public NodeActivation(VirtualWorld world, string name)
        : base(world, name, world.Nodes, new NodeState())
    {
        Remember(NodeContact.Reload(State, Now));
        world.Gateway.ExpectKeep(name);
    }

    public override TimeSpan? NextLook
    {
        get
        {
            // Deadlines of silence do not pass while the fleet is silent; its return looks at them.
            TimeSpan? look = State.Deadline is { } deadline && !IsHeld ? deadline - Now : null;
            if (_connection is not null && NodeDelivery.Due(State) is { } order)
            {
                look = Earlier(look, _sent.Pause(order.OperationId, Now));
            }

            return State.Lease is { HasNews: true } lease ? Earlier(look, _told.Pause(Subject(lease), Now)) : look;
        }
    }

    /// <summary>Its silence does not count, because most others are silent, too.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>It sends its orders into this stream.</summary>
    public bool Holds(AgentStream stream) => _connection == stream;

    public Reason? Attach(AgentHello hello, AgentStream stream)
    {
        var decision = NodeContact.Attach(State, hello, Now);
        if (decision.Refusal is { } refusal)
        {
            World.Coverage.Refused(refusal);
            return refusal;
        }

        _connection = stream;
        _sent = World.Bug == PlantedBug.ForgetPendingCommand ? _sent : default;
        Turn(NodeCall.Attach, decision.State);
        return null;
    }

    public void KeepConnection(long session, AgentStream stream)
    {
        if (session == State.SessionNumber)
        {
            _connection = stream;
            Turn(NodeCall.Keep, NodeContact.Keep(State, session, Now));
        }
    }

    public void LoseContact(long session, Reason reason, TimeSpan overdue, IReadOnlyList<string>? peers)
    {
        var told = World.Bug == PlantedBug.LateLoss ? State.SessionNumber : session;
        if (told == State.SessionNumber)
        {
            _connection = null;
        }

        var next = NodeContact.Lose(State, told, reason, Now, overdue);
        if (World.Bug == PlantedBug.ActAtOnce && !ReferenceEquals(next, State))
        {
            next = next with { Deadline = Now };
        }

        World.Watch.Heard(Key, session, State, next);
        Turn(NodeCall.Lose, NodeContact.KeepPeers(next, peers ?? World.Fleet.SampleFor(Key)));
    }

    public void Observe(long session, NodeEvent seen)
    {
        var next = NodeObservations.Take(State, session, seen);
        World.Watch.Heard(Key, session, State, next);
        Turn(NodeCall.Observe, next);
    }

    public LeaseGrant? Grant(string job, TimeSpan duration)
    {
        var asked = World.Bug == PlantedBug.DoubleLease && State is { IsConnected: true, Lease: not null }
            ? State with { Lease = null, Phase = NodePhase.Warm }
            : State;
        var decision = NodeLeasing.Grant(asked, job, duration, Now);
        if (decision.Refusal is { } refusal)
        {
            World.Coverage.Refused(refusal);
            return null;
        }

        Turn(NodeCall.Grant, decision.State);
        return NodeLeasing.GrantOf(State);
    }

    /// <summary>What a job's order came to, and whether it was sent on at once.</summary>
    public (LeaseReport? Report, Reason? Refusal, DateTimeOffset? SentAt) Order(NodeOrder order)
    {
        var decision = NodeLeasing.Order(State, order, Now);
        if (decision.Refusal is { } refusal)
        {
            World.Coverage.Refused(refusal);
            CheckIsCurrent();
        }

        Turn(NodeCall.Order, decision.State);
        return (
            decision.Refusal is null ? ReportOrNull(order.LeaseNumber) : null,
            decision.Refusal,
            _sent.Subject == order.OperationId ? _sent.At : null);
    }

    public void PassOn(NodeOrder order)
    {
        if (State.Lease is { } lease && lease.Number == order.LeaseNumber && lease.Job == order.Job)
        {
            Send(order);
        }
    }

    public LeaseReport? Convict(long leaseNumber, Reason reason, string? incident)
    {
        var convicted = NodeContact.Convict(State, leaseNumber, reason, incident, Now);
        var isNews = !ReferenceEquals(convicted, State);
        Turn(NodeCall.Convict, convicted);
        if (isNews && _connection is { } connection)
        {
            _connection = null;
            World.Gateway.Close(connection, reason);
        }

        return ReportOrNull(leaseNumber);
    }

    public LeaseReport? Vouch(long leaseNumber, Reason reason)
    {
        Turn(NodeCall.Vouch, NodeContact.Vouch(State, leaseNumber, reason, Now));
        return ReportOrNull(leaseNumber);
    }

    public void Acknowledge(long leaseNumber, long version) =>
        Remember(NodeLeasing.Acknowledge(State, leaseNumber, version));

    public void Judge(DeviceVerdict verdict)
    {
        Turn(NodeCall.Judge, NodeFitness.Judge(State, verdict, Now));
        World.Mail.Post("verdict heard", verdict.Uuid, () =>
            World.Gpu(verdict.Uuid).Call(gpu => gpu.Acknowledge(verdict.Number)));
    }

    public Reason? Drain(string owner, string reason, bool movesJob)
    {
        _owner = owner;
        return Cordon(NodeCall.Drain, NodeDrain.Drain(State, owner, reason, movesJob, Now));
    }

    public Reason? Resume(string owner, string reason, bool isForced)
    {
        var foreign = World.Bug == PlantedBug.LiftForeignCordon ? State.Cordons.Where(one => one.Owner != owner) : [];
        var lifted = foreign.Aggregate(
            State, (node, one) => NodeFitness.LiftCordon(node, one.Owner, new Reason("resumed", reason), Now).State);
        _owner = owner;
        return Cordon(
            isForced ? NodeCall.ResumeByForce : NodeCall.Resume,
            NodeDrain.Resume(lifted, owner, reason, isForced, Now));
    }

    public override void Tick()
    {
        IsHeld = false;
        Turn(NodeCall.Tick, NodeContact.KeepPeers(State, World.Fleet.SampleFor(Key)));
        var heardFor = World.Bug == PlantedBug.ActUnheard ? TimeSpan.FromDays(3650) : World.Fleet.HeardFor(State.Peers);
        var held = NodeContact.Hold(State, heardFor, Now);
        if (!ReferenceEquals(held, State))
        {
            if (held.Reason == State.Reason)
            {
                Remember(held);
                IsHeld = heardFor is null;
            }

            Turn(NodeCall.Tick, held);
            return;
        }

        Turn(NodeCall.Tick, NodeContact.Tick(State, Now));
    }

    protected override void Stored(NodeState before, NodeState after)
    {
        World.Watch.NodeStored(new NodeChange(Key, _call, _owner, before, after));
        World.Fleet.NodeStored(before, after);
        if (!after.IsConnected)
        {
            World.Gateway.ExpectKeep(Key);
        }
    }

    private Reason? Cordon(NodeCall call, Decision<NodeState> decision)
    {
        Turn(call, decision.State);
        if (decision.Refusal is { } refusal)
        {
            World.Coverage.Refused(refusal);
        }

        return decision.Refusal;
    }

    private void Turn(NodeCall call, NodeState next)
    {
        _call = call;
        IsHeld &= call == NodeCall.Tick;
        var before = State;
        if (World.Bug == PlantedBug.ActBeforeWrite && !ReferenceEquals(next, before))
        {
            PerformThenCommit(next, () => Perform(before));
            return;
        }

        Commit(next);
        Perform(before);
    }

    private void Perform(NodeState before)
    {
        Deliver();
        Tell();
        if (State.IsAvailable && !before.IsAvailable)
        {
            World.Mail.Post("capacity changed", "pool", () => World.Pool.Call(pool => pool.CapacityChanged()));
        }
    }

    private void Deliver()
    {
        if (_connection is null || NodeDelivery.Due(State) is not { } order || !_sent.IsDue(order.OperationId, Now))
        {
            return;
        }

        var isForgotten = World.Bug == PlantedBug.ForgetPendingCommand && _sent.Subject == order.OperationId;
        if (isForgotten || Send(order))
        {
            _sent = _sent.Send(order.OperationId, Now);
        }
    }

    private bool Send(NodeOrder order)
    {
        if (_connection is not { } connection)
        {
            return false;
        }

        if (World.Gateway.Send(connection, order))
        {
            return true;
        }

        _connection = null;
        _call = NodeCall.Lose;
        Commit(NodeContact.Lose(
            State, State.SessionNumber, new Reason("stream_unreachable", "Its stream cannot be reached."), Now));
        World.Gateway.ExpectKeep(Key);
        return false;
    }

    private void Tell()
    {
        if (State.Lease is not { HasNews: true } lease || !_told.IsDue(Subject(lease), Now))
        {
            return;
        }

        _told = _told.Send(Subject(lease), Now);
        var report = NodeLeasing.Report(State);
        World.Mail.Post("report", lease.Job, () => World.Job(lease.Job).Call(job => job.Hear(report)));
    }

    // A number would do; the text is made once per change of the lease's news.
    private string Subject(Lease lease)
    {
        if (_subject.Number != lease.Number || _subject.Version != lease.NewsVersion)
        {
            _subject = (lease.Number, lease.NewsVersion, $"{lease.Number}:{lease.NewsVersion}");
        }

        return _subject.Text;
    }

    private (long Number, long Version, string Text) _subject = (0, -1, "");

    private LeaseReport? ReportOrNull(long leaseNumber) =>
        State.Lease?.Number == leaseNumber ? NodeLeasing.Report(State) : null;

    private static TimeSpan Earlier(TimeSpan? one, TimeSpan other) => one is { } known && known < other ? known : other;
}
