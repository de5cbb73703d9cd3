using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;

namespace Orchestrator.Domain.Tests.Builders;

/// <summary>A node's record, brought to where a test begins by the same calls that its grain makes.</summary>
internal sealed class ANode
{
    private static readonly GpuDevice Gpu = new("GPU-0", "virtual", 0, 0, IsVirtual: true);
    private readonly string _name;
    private int _boots = 1;

    private ANode(string name) => _name = name;

    public NodeState State { get; private set; } = new();

    public DateTimeOffset Now { get; private set; } = Moments.Start;

    public long LeaseNumber => State.LeaseNumber;

    public static ANode Unknown(string name = "n0") => new(name);

    public static ANode Warm(string name = "n0") => Unknown(name).Attaches();

    public static implicit operator NodeState(ANode node) => node.State;

    public static AgentHello Hello(string name, long session, string boot, params HostedRank[] ranks) => new()
    {
        Node = name,
        SessionNumber = session,
        BootId = boot,
        Address = $"10.0.0.{name[^1]}",
        Gpus = [Gpu],
        Ranks = [.. ranks],
    };

    /// <summary>Its agent opens the next session.</summary>
    public ANode Attaches(params HostedRank[] ranks) => AttachesAs(hello => hello, ranks);

    public ANode AttachesAs(Func<AgentHello, AgentHello> change, params HostedRank[] ranks)
    {
        var hello = Hello(_name, State.SessionNumber + 1, $"boot-{_boots}", ranks);
        return Becomes(NodeContact.Attach(State, change(hello), Now).State);
    }

    /// <summary>The host starts anew, and its agent attaches.</summary>
    public ANode Reboots()
    {
        _boots++;
        return Attaches();
    }

    public ANode LosesContact() => Becomes(NodeContact.Lose(
        State, State.SessionNumber, new Reason("stream_ended", "Its agent's stream ended."), Now));

    public ANode KeepsContact() => Becomes(NodeContact.Keep(State, State.SessionNumber, Now));

    public ANode Reloads() => Becomes(NodeContact.Reload(State, Now));

    /// <summary>Time passes, and the clock is looked at once.</summary>
    public ANode After(TimeSpan time)
    {
        Now += time;
        return Becomes(NodeContact.Tick(State, Now));
    }

    public ANode Leased(string job = "job") => Becomes(NodeLeasing.Grant(State, job, Timings.Lease, Now).State);

    /// <summary>An order, and the agent's answer to it.</summary>
    public ANode Ordered(NodeOrder order, Reason? refusal = null)
    {
        Becomes(NodeLeasing.Order(State, order, Now).State);
        return Takes(new OrderAnswered(order.OperationId, refusal, Now));
    }

    /// <summary>Leased, launched, and its rank 0 runs.</summary>
    public ANode Active(string job = "job", int attempt = 1) => Leased(job)
        .Ordered(AnOrder.Launch(attempt, LeaseNumber, job))
        .Takes(new RankStarted(job, attempt, 0, 4711, Now));

    public ANode Takes(NodeEvent seen) => Becomes(NodeObservations.Take(State, State.SessionNumber, seen));

    public ANode Convicted() => Becomes(NodeContact.Convict(
        State, LeaseNumber, new Reason("stop_overdue", "It did not end its ranks in time."), "job-i1", Now));

    public ANode Vouched() => Becomes(NodeContact.Vouch(
        State, LeaseNumber, new Reason("training_advanced", "Training advanced."), Now));

    public ANode Judged(long number = 1, bool isFatal = true) => Becomes(NodeFitness.Judge(
        State,
        new DeviceVerdict("GPU-0", _name, number, isFatal, new Reason("device_failed", "xid_79"), Now),
        Now));

    public ANode Cordoned(string owner) => Becomes(NodeFitness.SetCordon(
        State, new Cordon(owner, new Reason("asked", "Maintenance."), Now)));

    public ANode Lifted(string owner) => Becomes(
        NodeFitness.LiftCordon(State, owner, new Reason("cordon_lifted", "It was lifted."), Now).State);

    public ANode Drained(bool movesJob = false, string owner = Cordon.Operators) =>
        Becomes(NodeDrain.Drain(State, owner, "Fan.", movesJob, Now).State);

    public ANode Resumed(bool isForced = false, string owner = Cordon.Operators) =>
        Becomes(NodeDrain.Resume(State, owner, "Done.", isForced, Now).State);

    /// <summary>Time passes while most of the fleet is silent.</summary>
    public ANode Held(TimeSpan time)
    {
        After(time);
        return Becomes(NodeContact.Hold(State, fleetHeardFor: null, Now));
    }

    /// <summary>Lost by silence.</summary>
    public ANode Lost() => LosesContact().After(Timings.SilenceUntilLost(Timings.Lease));

    private ANode Becomes(NodeState state)
    {
        State = state;
        return this;
    }
}
