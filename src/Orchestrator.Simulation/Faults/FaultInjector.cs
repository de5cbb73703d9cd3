using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Faults;

/// <summary>Draws faults and lets them happen, with their end where they have one.</summary>
internal sealed class FaultInjector(VirtualWorld world, FaultPlan plan)
{
    private readonly Partitions _partitions = new(world, plan);
    private int _evidence;

    /// <summary>An event happened: perhaps a fault comes with the next.</summary>
    public void AfterEvent()
    {
        if (world.Chance.Share() < plan.Rate)
        {
            var kind = world.Chance.Of(plan.Kinds);
            var host = world.Chance.Of(world.Hosts);
            world.Agenda.In(TimeSpan.Zero, Name(kind), host.Name, () => Strike(kind, host), isFault: true);
        }
    }

    private static readonly string[] Names = Enum.GetNames<FaultKind>();

    private static string Name(FaultKind kind) => Names[(int)kind];

    private void Strike(FaultKind kind, Host host)
    {
        if (world.IsHealed)
        {
            return;
        }

        if (kind <= ArmedFaults.Last)
        {
            world.Armed.Arm(kind);
            return;
        }

        world.Armed.Count();
        if (!StrikeGrain(kind) && !_partitions.Strike(kind, host) && !StrikeHost(kind, host))
        {
            StrikeWork(kind, host);
        }
    }

    private bool StrikeGrain(FaultKind kind)
    {
        var grain = Grain(kind);
        Action? strike = kind switch
        {
            FaultKind.DoubleTimer => grain.TickOnceMore,
            FaultKind.LateTimer => () => grain.DelayLook(world.Chance.Between(1, 60)),
            FaultKind.LoseActivation => () => Lose(grain),
            FaultKind.SplitActivation => () => grain.Split(world.Chance.Between(5, 300)),
            FaultKind.HangGrain => () => grain.Hang(plan.Duration(world.Chance)),
            FaultKind.RestartSilo => RestartSilo,
            _ => null,
        };
        strike?.Invoke();
        return strike is not null;
    }

    /// <summary>Mostly one that has something to do.</summary>
    private IGrainSlot Grain(FaultKind kind)
    {
        if (kind == FaultKind.SplitActivation && world.Chance.OneIn(2)
            && world.Nodes.All.FirstOrDefault(node => node.Lease is { Order: not null, IsOrderConfirmed: false })
                is { } busy)
        {
            return world.Node(busy.Name);
        }

        var live = world.Jobs.All.Where(job => !job.Phase.IsEnded()).Select(job => job.Id).ToArray();
        return world.Chance.Below(3) switch
        {
            0 => world.Node(world.Chance.Of(world.Hosts).Name),
            1 when live.Length > 0 => world.Job(world.Chance.Of(live)),
            _ => world.Chance.Of(world.Grains),
        };
    }

    private void Lose(IGrainSlot grain)
    {
        grain.LoseActivation();
        world.PlanWake(grain);
    }

    private void RestartSilo()
    {
        if (world.Network.IsControlPlaneUp)
        {
            world.RestartSilo(world.Chance.OneIn(3) ? world.Chance.Between(-600, 600) : TimeSpan.Zero);
        }
    }

    private bool StrikeHost(FaultKind kind, Host host)
    {
        (Action Begin, Action End)? fault = kind switch
        {
            FaultKind.BreakStream => (() => world.Gateway.AttachAnew(Busiest(host)), () => { }),
            FaultKind.CrashAgent => (() => host.Agent.Die(), host.Agent.Start),
            FaultKind.FreezeAgent => (() => host.Agent.Freeze(true), () => host.Agent.Freeze(false)),
            FaultKind.PowerOff => (host.PowerOff, host.Boot),
            FaultKind.PauseHost => (host.Pause, host.Resume),
            FaultKind.BecomeStubborn => (host.BecomeStubborn, host.Yield),
            FaultKind.FillDisk => (() => host.IsDiskFull = true, () => host.IsDiskFull = false),
            FaultKind.LoseGpu => (() => Probe(host, hasGpu: false), () => Probe(host, hasGpu: true)),
            FaultKind.LoseAddress => (() => Address(host, hasAddress: false), () => Address(host, hasAddress: true)),
            _ => null,
        };
        if (fault is not var (begin, end))
        {
            return false;
        }

        if (IsStruck(kind, host))
        {
            // The end of this one must not end the other early.
            return true;
        }

        begin();
        world.Agenda.In(plan.Duration(world.Chance), "fault ends", host.Name, end);
        return true;
    }

    /// <summary>Where much is under way, a broken stream hurts most.</summary>
    private Host Busiest(Host host) => world.Chance.OneIn(4) ? host : world.Hosts.MaxBy(Business)!;

    /// <summary>Worst of all, it still deletes what is left of one job while the next one gives it back.</summary>
    private int Business(Host host) =>
        host.Agent.Cleaning + (world.Nodes.Find(host.Name)?.Lease is { Phase: LeasePhase.Releasing } ? 2 : 0);

    private static bool IsStruck(FaultKind kind, Host host) => kind switch
    {
        FaultKind.CrashAgent or FaultKind.FreezeAgent => host.Agent is not { IsUp: true, IsFrozen: false },
        FaultKind.PowerOff or FaultKind.PauseHost => !host.IsUp || host.IsPaused,
        FaultKind.BecomeStubborn => host.IsStubborn,
        FaultKind.FillDisk => host.IsDiskFull,
        FaultKind.LoseGpu => !host.HasGpu,
        FaultKind.LoseAddress => !host.HasAddress,
        _ => false,
    };

    private void StrikeWork(FaultKind kind, Host host)
    {
        switch (kind)
        {
            case FaultKind.CrashRank:
                CrashRank(host);
                break;
            case FaultKind.HangTraining:
                HangTraining();
                break;
            case FaultKind.DamageShard:
                DamageShard();
                break;
            case FaultKind.FailHardware:
                FailHardware(host);
                break;
            case FaultKind.FailDevice or FaultKind.WarnDevice:
                ObserveDevice(host, kind == FaultKind.FailDevice);
                break;
            default:
                throw new InvalidOperationException($"{kind} strikes nothing.");
        }
    }

    private static void Probe(Host host, bool hasGpu)
    {
        host.HasGpu = hasGpu;
        Restart(host);
    }

    private static void Address(Host host, bool hasAddress)
    {
        host.HasAddress = hasAddress;
        Restart(host);
    }

    private static void Restart(Host host)
    {
        host.Agent.Die();
        host.Agent.Start();
    }

    private void CrashRank(Host host)
    {
        var running = host.Ranks.Where(rank => rank.IsComputing).ToArray();
        if (running.Length > 0)
        {
            var rank = world.Chance.Of(running);
            world.Watch.OwnFault(rank.Job, rank.Attempt);
            host.End(rank, world.Chance.OneIn(2) ? Exits.Crash : Exits.OutOfMemory);
        }
    }

    private void HangTraining()
    {
        var running = world.Training.Running.ToArray();
        if (running.Length > 0)
        {
            world.Chance.Of(running).HangsUntil = world.Clock.Passed + plan.Duration(world.Chance);
        }
    }

    /// <summary>A bit flips in the checkpoint that a job would resume from.</summary>
    private void DamageShard()
    {
        var newest = world.Jobs.All.Select(job => job.Checkpoints.Newest).Where(manifest => manifest is not null)
            .ToArray();
        if (newest.Length > 0 && world.Shards.Find(world.Chance.Of(world.Chance.Of(newest)!.Shards).Path) is { } shard)
        {
            shard.IsDamaged = true;
        }
    }

    private void FailHardware(Host host)
    {
        if (host.IsDiskFull || !host.IsUp)
        {
            return;
        }

        host.IsDiskFull = true;
        world.Agenda.In(world.Chance.Between(5, 900), "gpu fails", host.Name, () =>
        {
            if (!world.IsHealed)
            {
                ObserveDevice(host, isFatal: true);
            }
        });
        world.Agenda.In(world.Chance.Between(1800, 30 * 3600), "repaired", host.Name, () =>
        {
            host.IsDiskFull = false;
            if (world.Chance.OneIn(2))
            {
                host.PowerOff();
                host.Boot();
            }
        });
    }

    private void ObserveDevice(Host host, bool isFatal)
    {
        var uuid = $"GPU-{host.Name}";
        var evidence = new DeviceEvidence(
            uuid, host.Name, "kernel_log", isFatal ? "xid_79" : "xid_63", "", isFatal, world.Clock.Now,
            $"#{_evidence += (world.Chance.OneIn(4) ? 0 : 1)}");
        world.Mail.Post("evidence", uuid, () => world.Gpu(uuid).Call(gpu => gpu.Observe(evidence)));
    }
}
