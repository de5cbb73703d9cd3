using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>One host as it truly is: its disk, its processes and its agent's memory.</summary>
internal sealed class VirtualHost(string name, VirtualClock clock)
{
    private readonly Dictionary<string, int> _over = [];
    private readonly HashSet<string> _damaged = [];
    private long _session;
    private long _leaseNumber;
    private int _boots = 1;

    public string Name => name;

    public string Address => $"10.0.0.{name[1..]}";

    public bool IsUp { get; private set; } = true;

    public bool IsAgentUp { get; private set; } = true;

    /// <summary>The agent's process is held: its stream stays open and says nothing.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>The network is cut.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>Its ranks do not end when they are killed, as inside a driver.</summary>
    public bool IsStubborn { get; private set; }

    public bool CanTalk => IsUp && IsAgentUp && !IsFrozen && !IsCutOff;

    public List<VirtualRank> Ranks { get; } = [];

    public IEnumerable<VirtualRank> Running => Ranks.Where(rank => rank.IsRunning);

    public VirtualStream? Stream { get; set; }

    public Outbox Outbox { get; } = new();

    /// <summary>When the agent last heard of the control plane: its ranks end a lease later.</summary>
    public DateTimeOffset HeardAt { get; set; } = clock.Now;

    private Dictionary<string, List<NodeEvent>> Operations { get; } = [];

    private List<(string Job, int Attempt, string Operation)> Stopping { get; } = [];

    public AgentHello Hello() => new()
    {
        Node = name,
        SessionNumber = ++_session,
        BootId = $"{name}-{_boots}",
        Address = Address,
        Gpus = [new GpuDevice($"GPU-{name}", "virtual", 0, 0, IsVirtual: true)],
        LeaseNumber = _leaseNumber,
        Ranks = [.. Ranks.Select(rank => new HostedRank(rank.Job, rank.Status))],
    };

    public void StopAgent()
    {
        IsAgentUp = false;
        IsFrozen = false;
        Stream = null;
        Operations.Clear();
        Stopping.Clear();
        Outbox.Clear();
    }

    public void StartAgent() => IsAgentUp = IsUp;

    public void PowerOff()
    {
        StopAgent();
        IsUp = false;
        IsStubborn = false;
        Ranks.Clear();
    }

    public void Boot()
    {
        if (IsUp)
        {
            return;
        }

        _boots++;
        IsUp = true;
        IsAgentUp = true;
    }

    public void BecomeStubborn() => IsStubborn = IsUp;

    public void Yield()
    {
        IsStubborn = false;
        foreach (var rank in Running.Where(rank => Stopping.Any(stop => Covers(stop, rank))).ToArray())
        {
            End(rank, new() { Signal = 9, WasStopped = true });
        }

        Finish();
    }

    /// <summary>The next prepare of the job finds the newest checkpoint damaged.</summary>
    public void Damage(string job) => _damaged.Add(job);

    /// <summary>A process ends, and the agent sees it when there is one.</summary>
    public void End(VirtualRank rank, Domain.Ranks.RankExit exit)
    {
        rank.Exit = exit with { At = clock.Now };
        Tell(new RankExited(rank.Job, rank.Attempt, rank.Rank, rank.Exit, rank.Step, default));
    }

    public void Tell(NodeEvent seen)
    {
        if (IsAgentUp)
        {
            Outbox.Add(seen);
        }
    }

    /// <summary>Ranks end when their lease was not renewed.</summary>
    public void RunOutLeases(TimeSpan lease)
    {
        if (Stream is { IsOpen: true } && CanTalk)
        {
            HeardAt = clock.Now;
        }
        else if (clock.Now - HeardAt > lease && !IsStubborn)
        {
            foreach (var rank in Running.ToArray())
            {
                End(rank, new() { Signal = 9, LeaseExpired = true });
            }

            Finish();
        }
    }

    /// <summary>Takes an order as the contract asks: once per operation, and never one of the past.</summary>
    public void Accept(NodeOrder order)
    {
        if (order.LeaseNumber < _leaseNumber)
        {
            Tell(new OrderAnswered(order.OperationId, new Reason("stale_lease", "A newer lease was obeyed."), default));
            return;
        }

        _leaseNumber = order.LeaseNumber;
        if (Operations.TryGetValue(order.OperationId, out var told))
        {
            told.ForEach(Tell);
            return;
        }

        Carry(order);
    }

    private void Carry(NodeOrder order)
    {
        var isOver = order.Attempt <= _over.GetValueOrDefault(order.Job);
        switch (order.Body)
        {
            case PrepareOrder or LaunchOrder when isOver:
                Tell(new OrderAnswered(order.OperationId, new Reason("attempt_over", "It is over."), default));
                break;
            case PrepareOrder:
                Remember(order, new OrderAnswered(order.OperationId, null, default));
                Remember(order, new AttemptPrepared(order.Job, order.Attempt, 29500, Fault(order), default));
                break;
            case LaunchOrder launch:
                Launch(order, launch);
                break;
            case StopOrder or ReleaseOrder:
                Stop(order);
                break;
            default:
                Remember(order, new OrderAnswered(order.OperationId, null, default));
                break;
        }
    }

    private void Launch(NodeOrder order, LaunchOrder launch)
    {
        if (Running.Any(rank => rank.Job == order.Job && rank.Attempt < order.Attempt) && IsStubborn)
        {
            Tell(new OrderAnswered(
                order.OperationId, new Reason("earlier_attempt_running", "An old rank does not end."), default));
            return;
        }

        Kill(order.Job, order.Attempt - 1);
        Remember(order, new OrderAnswered(order.OperationId, null, default));
        foreach (var rank in launch.Ranks)
        {
            if (!Ranks.Any(known => known.Job == order.Job && known.Attempt == order.Attempt && known.Rank == rank))
            {
                Ranks.Add(new VirtualRank(
                    order.Job, order.Attempt, rank, name, launch.WorldSize, launch.Resume?.Step ?? 0));
            }

            Remember(order, new RankStarted(order.Job, order.Attempt, rank, 1000 + rank, default));
        }
    }

    private void Stop(NodeOrder order)
    {
        _over[order.Job] = Math.Max(_over.GetValueOrDefault(order.Job), order.Attempt);
        Remember(order, new OrderAnswered(order.OperationId, null, default));
        Stopping.Add((order.Job, order.Attempt, order.OperationId));
        if (!IsStubborn)
        {
            Kill(order.Job, order.Attempt);
        }

        Finish();
    }

    private void Kill(string job, int attempt)
    {
        foreach (var rank in Running.Where(rank => rank.Job == job && rank.Attempt <= attempt).ToArray())
        {
            End(rank, new() { Signal = 9, WasStopped = true });
        }
    }

    private void Finish()
    {
        foreach (var stop in Stopping.Where(stop => !Running.Any(rank => Covers(stop, rank))).ToArray())
        {
            Stopping.Remove(stop);
            if (stop.Operation.EndsWith("/release", StringComparison.Ordinal)
                || stop.Operation.Contains("/remains/", StringComparison.Ordinal))
            {
                Ranks.RemoveAll(rank => Covers(stop, rank));
            }

            var stopped = new GangStopped(stop.Job, stop.Attempt, default);
            Operations[stop.Operation].Add(stopped);
            Tell(stopped);
        }
    }

    private Reason? Fault(NodeOrder order) =>
        order.Body is PrepareOrder { Resume: { } resume } && _damaged.Remove(order.Job)
            ? new Reason("checkpoint_damaged", $"Step {resume.Step} differs from its manifest.")
            : null;

    private void Remember(NodeOrder order, NodeEvent seen)
    {
        if (!Operations.TryGetValue(order.OperationId, out var told))
        {
            Operations[order.OperationId] = told = [];
        }

        told.Add(seen);
        Tell(seen);
    }

    private static bool Covers((string Job, int Attempt, string Operation) stop, VirtualRank rank) =>
        rank.Job == stop.Job && rank.Attempt <= stop.Attempt;
}
