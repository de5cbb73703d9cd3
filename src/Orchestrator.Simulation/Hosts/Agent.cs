using Orchestrator.Domain;
using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Hosts;

/// <summary>The agent of a host: it obeys each order once, and never one of the past.</summary>
internal sealed class Agent(VirtualWorld world, Host host)
{
    private readonly Dictionary<string, List<NodeEvent>> _operations = [];
    private readonly List<NodeOrder> _stopping = [];
    private TimeSpan? _heardAt;

    public bool IsUp { get; private set; } = true;

    /// <summary>Its process is held: its stream stays open and says nothing.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>The control plane was heard a moment ago.</summary>
    public bool HasContact => host.SilentSince is null
        || (_heardAt is { } heard && world.Clock.Passed - heard < Isolation.ContactHolds);

    /// <summary>Rises with every start: what an earlier process had begun is forgotten.</summary>
    public int Life { get; private set; }

    /// <summary>Leases that it has ended and whose remains it still deletes.</summary>
    public int Cleaning { get; private set; }

    /// <summary>A hello is under way.</summary>
    public bool IsConnecting { get; set; }

    public Outbox Outbox { get; } = new();

    public AgentHello Hello() => new()
    {
        Node = host.Name,
        SessionNumber = ++host.Session,
        BootId = $"{host.Name}-{host.Boots}",
        Address = host.HasAddress ? host.Address : "",
        Gpus = host.HasGpu ? [new GpuDevice($"GPU-{host.Name}", "virtual", 0, 0, IsVirtual: true)] : [],
        PeerAddress = $"{host.Address}:7500",
        ShardAddress = MemoryTier.AddressOf(host),
        LeaseNumber = host.LeaseNumber,
        Labels = host.Labels,
        Ranks = [.. host.Ranks.Select(rank => new HostedRank(rank.Job, rank.Status))],
    };

    /// <summary>Its process ends, and with it all that it had not written down.</summary>
    /// <param name="isSeen">Its host lives on and closes its connection.</param>
    public void Die(bool isSeen = true)
    {
        (IsUp, IsFrozen, IsConnecting) = (false, false, false);
        Life++;
        _heardAt = null;
        _operations.Clear();
        _stopping.Clear();
        Cleaning = 0;
        Outbox.Clear();
        world.Gateway.Break(host, isSeen);
        host.ContactChanged();
    }

    /// <summary>The control plane was heard up to now.</summary>
    public void Hear() => _heardAt = IsUp ? world.Clock.Passed : null;

    public void Start()
    {
        if (host.IsUp && !IsUp)
        {
            IsUp = true;
            host.ContactChanged();
        }
    }

    public void Freeze(bool isFrozen)
    {
        IsFrozen = isFrozen && IsUp;
        host.ContactChanged();
    }

    public void Tell(NodeEvent seen)
    {
        if (IsUp)
        {
            if (world.IsTraced)
            {
                world.Note($"{host.Name} tells {seen}");
            }

            Outbox.Add(seen);
            world.Gateway.PumpUp(host);
        }
    }

    /// <summary>Takes an order as the contract asks: once per operation, and never one of an older lease.</summary>
    public void Accept(NodeOrder order)
    {
        if (world.IsTraced)
        {
            world.Note($"{host.Name} takes {order.OperationId}, attempt {order.Attempt}, lease {order.LeaseNumber}");
        }

        if (order.LeaseNumber < host.LeaseNumber && world.Bug != PlantedBug.SkipLeaseNumber)
        {
            Refuse(order, "stale_lease", "A newer lease was obeyed.");
            return;
        }

        world.Watch.OrderObeyed(host, order);
        host.LeaseNumber = Math.Max(host.LeaseNumber, order.LeaseNumber);
        if (host.IsDiskFull)
        {
            if (order.Body is StopOrder or ReleaseOrder)
            {
                // Ranks are ended first; what cannot be written down is only not confirmed.
                Kill(order, TimeSpan.Zero);
            }

            Refuse(order, "host_storage_failed", "No space left on the disk.");
        }
        else if (_operations.TryGetValue(order.OperationId, out var told))
        {
            told.ForEach(Tell);
        }
        else
        {
            Carry(order);
        }
    }

    /// <summary>Stops whose ranks have all ended are confirmed.</summary>
    public void FinishStops()
    {
        foreach (var stop in _stopping.Where(stop => !host.Ranks.Any(rank => rank.IsRunning && Covers(stop, rank)))
            .ToArray())
        {
            _stopping.Remove(stop);
            // Deleting what is left of ranks takes a moment, in which the agent may end.
            var most = stop.Body is ReleaseOrder ? (world.Chance.OneIn(2) ? 30 : 0.3) : 0;
            var pause = world.Chance.Between(0, most);
            Cleaning++;
            Later(pause, "stopped", () => Confirm(stop));
        }
    }

    private void Confirm(NodeOrder stop)
    {
        Cleaning--;
        if (stop.Body is ReleaseOrder)
        {
            host.Ranks.RemoveAll(rank => !rank.IsRunning && Covers(stop, rank));
        }

        Remember(stop, new GangStopped(stop.Job, stop.Attempt, default));
    }

    private void Carry(NodeOrder order)
    {
        var isOver = order.Attempt <= host.Over.GetValueOrDefault(order.Job);
        switch (order.Body)
        {
            case PrepareOrder or LaunchOrder when isOver:
                Refuse(order, "attempt_over", "It is over.");
                break;
            case PrepareOrder prepare:
                Prepare(order, prepare);
                break;
            case LaunchOrder launch:
                Launch(order, launch);
                break;
            case StopOrder stop:
                Stop(order, stop.Grace);
                break;
            case ReleaseOrder:
                Stop(order, TimeSpan.Zero);
                break;
            case RetainOrder retain:
                Retain(order, retain);
                break;
            default:
                throw new InvalidOperationException($"No agent carries out {order.Body}.");
        }
    }

    private void Retain(NodeOrder order, RetainOrder retain)
    {
        if (retain.CollectsStore && !retain.Kept.IsEmpty)
        {
            world.Shards.Retain(order.Job, retain.Kept);
        }

        if (retain.Upload is { } upload)
        {
            Later(world.Chance.Between(0.1, 5), "uploaded", () => world.Memory.Upload(host, order.Job, upload));
        }
    }

    private void Prepare(NodeOrder order, PrepareOrder prepare)
    {
        Remember(order, new OrderAnswered(order.OperationId, null, default));
        // A store that is busy with something else may need longer than anybody waits.
        var most = world.Armed.Strikes(FaultKind.SlowPrepare) ? 600 : 1.5;
        Later(world.Chance.Between(0.01, most), "prepared", () =>
        {
            var isWhole = prepare.Resume is not { } resume || world.Shards.IsWhole(resume);
            world.Watch.Prepared(order, prepare.Resume, isWhole);
            var fault = isWhole || world.Bug == PlantedBug.ResumeUnverified
                ? null
                : new Reason("checkpoint_damaged", $"Step {prepare.Resume!.Step} differs from its manifest.");
            Remember(order, new AttemptPrepared(order.Job, order.Attempt, 29500, fault, default));
        });
    }

    private void Launch(NodeOrder order, LaunchOrder launch)
    {
        if (host.Leases.ProvenAt + launch.Lease <= world.Clock.Passed)
        {
            Refuse(order, "lease_over", "The control plane was not heard for as long as the lease lasts.");
            return;
        }

        foreach (var old in Old(order.Job, order.Attempt - 1))
        {
            host.Kill(old, Exits.Stopped);
        }

        if (Old(order.Job, order.Attempt - 1).Length > 0)
        {
            Refuse(order, "earlier_attempt_running", "An old rank does not end.");
            return;
        }

        Remember(order, new OrderAnswered(order.OperationId, null, default));
        foreach (var rank in launch.Ranks)
        {
            if (!host.Ranks.Exists(known => known.Is(order.Job, order.Attempt, rank)))
            {
                Remember(order, new RankStarted(order.Job, order.Attempt, rank, 1000 + rank, default));
                var process = new RankProcess
                {
                    Host = host,
                    Job = order.Job,
                    Attempt = order.Attempt,
                    Rank = rank,
                    LeaseNumber = order.LeaseNumber,
                    WorldSize = launch.WorldSize,
                    ResumeStep = launch.Resume?.Step ?? 0,
                    Lease = launch.Lease,
                    KeepsInMemory = launch.KeepsInMemory,
                    Partner = launch.ReplicaHolder?.Node,
                };
                host.Start(process);
                if (launch is { KeepsInMemory: true, Resume: { } resume })
                {
                    world.Memory.Restore(process, resume);
                }
            }
        }

        world.Watch.Launched(order, launch);
    }

    private void Stop(NodeOrder order, TimeSpan grace)
    {
        host.Over[order.Job] = Math.Max(host.Over.GetValueOrDefault(order.Job), order.Attempt);
        Remember(order, new OrderAnswered(order.OperationId, null, default));
        _stopping.Add(order);
        Kill(order, grace);
        FinishStops();
    }

    private void Kill(NodeOrder order, TimeSpan grace)
    {
        // A script that heeds SIGTERM needs a part of its grace.
        var most = Math.Max(0.15, grace.TotalSeconds * 0.9);
        foreach (var rank in Old(order.Job, order.Attempt))
        {
            Later(world.Chance.Between(0.005, most), "killed", () => host.Kill(rank, Exits.Stopped));
        }
    }

    private RankProcess[] Old(string job, int attempt) =>
        [.. host.Ranks.Where(rank => rank.IsRunning && rank.Job == job && rank.Attempt <= attempt)];

    private void Later(TimeSpan pause, string what, Action act)
    {
        var life = Life;
        world.Agenda.In(pause, what, host.Name, () =>
        {
            if (life == Life)
            {
                act();
            }
        });
    }

    private void Refuse(NodeOrder order, string code, string sentence) =>
        Tell(new OrderAnswered(order.OperationId, new Reason(code, sentence), default));

    private void Remember(NodeOrder order, NodeEvent seen)
    {
        if (!_operations.TryGetValue(order.OperationId, out var told))
        {
            _operations[order.OperationId] = told = [];
        }

        told.Add(seen);
        Tell(seen);
    }

    private static bool Covers(NodeOrder stop, RankProcess rank) =>
        rank.Job == stop.Job && rank.Attempt <= stop.Attempt;
}
