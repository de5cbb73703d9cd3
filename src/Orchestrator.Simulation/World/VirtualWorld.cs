using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;
using Orchestrator.Simulation.Checkers;
using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.Training;

namespace Orchestrator.Simulation.World;

/// <summary>Hosts, streams, grains, storage and training on one clock, with one source of chance.</summary>
internal sealed class VirtualWorld
{
    private static readonly TimeSpan WakePeriod = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, GrainSlot<NodeActivation>> _nodes = [];
    private readonly Dictionary<string, GrainSlot<JobActivation>> _jobs = [];
    private readonly Dictionary<string, GrainSlot<GpuActivation>> _gpus = [];
    private readonly HashSet<IGrainSlot> _waking = [];
    private readonly List<IGrainSlot> _grains = [];
    private readonly Action<string>? _trace;

    public VirtualWorld(ulong seed, PlantedBug bug, Action<string>? trace = null, int? hosts = null)
    {
        _trace = trace;
        Bug = bug;
        Chance = new Chance(seed);
        Agenda = new Agenda(Clock);
        Nodes = new(Armed);
        Jobs = new(Armed);
        Gpus = new(Armed);
        Pools = new(Armed);
        Mail = new Mailbox(this);
        Incidents = new IncidentArchive(this);
        Gateway = new Gateway(this);
        Network = new Network(this);
        Fleet = new FleetDirectory(this);
        Training = new TrainingRuns(this);
        Memory = new MemoryTier(this);
        Watch = new Watch(this);
        Pool = new("pool", this, () => new PoolActivation(this));
        _grains.Add(Pool);
        Hosts = [.. Enumerable.Range(0, hosts ?? (4 + Chance.Below(3))).Select(number => new Host(this, number))];
        Limits = new PoolLimits(
            Spares: hosts is null && Chance.OneIn(3) ? 1 : 0, ReplacementsPerMinute: Chance.OneIn(3) ? 1 : 20);
    }

    public VirtualClock Clock { get; } = new();

    public Agenda Agenda { get; }

    public Chance Chance { get; }

    public ArmedFaults Armed { get; } = new();

    public PlantedBug Bug { get; }

    public RecordStore<NodeState> Nodes { get; }

    public RecordStore<JobState> Jobs { get; }

    public RecordStore<GpuState> Gpus { get; }

    public RecordStore<PoolState> Pools { get; }

    public Mailbox Mail { get; }

    public ProgressBoard Board { get; } = new();

    public IncidentArchive Incidents { get; }

    public ShardStore Shards { get; } = new();

    public MemoryTier Memory { get; }

    public Gateway Gateway { get; }

    public Network Network { get; }

    public FleetDirectory Fleet { get; }

    public TrainingRuns Training { get; }

    public Watch Watch { get; }

    public Coverage.CoverageMap Coverage { get; } = new();

    public IReadOnlyList<Host> Hosts { get; }

    public GrainSlot<PoolActivation> Pool { get; }

    public Dictionary<string, JobProfile> Profiles { get; } = [];

    /// <summary>Every grain that was ever called.</summary>
    public IReadOnlyList<IGrainSlot> Grains => _grains;

    /// <summary>What the pool may give.</summary>
    public PoolLimits Limits { get; }

    /// <summary>No more faults come, and everybody does what is right.</summary>
    public bool IsHealed { get; set; }

    /// <summary>The lists that the pool saw last, and the time before.</summary>
    public NodeState[]? Snapshot { get; set; }

    public NodeState[]? OldSnapshot { get; set; }

    public GrainSlot<NodeActivation> Node(string name) =>
        Slot(_nodes, name, () => new NodeActivation(this, name), () => Gateway.AttachAnew(Host(name)));

    public GrainSlot<JobActivation> Job(string id) => Slot(_jobs, id, () => new JobActivation(this, id));

    public GrainSlot<GpuActivation> Gpu(string uuid) => Slot(_gpus, uuid, () => new GpuActivation(this, uuid));

    public JobProfile Profile(string job) => Profiles[job];

    public Host Host(string name) => Hosts[name[1] - '0'];

    /// <summary>What the gateway knows of an attempt's steps, with the last heartbeat of any of its ranks.</summary>
    public JobProgress? Progress(string job, int attempt) => Board.Find(job, attempt) is { } known
        ? Training.IsHeard(job, attempt) ? known with { HeardAt = Clock.Now } : known
        : null;

    /// <summary>Something without traffic wakes every node and unfinished job within ten seconds.</summary>
    public void PlanWake(IGrainSlot grain)
    {
        if (_waking.Add(grain))
        {
            Agenda.In(WakePeriod * Chance.Share(), "wake", grain.Name, () =>
            {
                _waking.Remove(grain);
                grain.Wake();
            });
        }
    }

    /// <summary>The control plane ends and starts again: what was not stored is forgotten.</summary>
    public void RestartSilo(TimeSpan clockJump)
    {
        StopControlPlane();
        StartControlPlane(clockJump);
    }

    /// <summary>All silos end: nobody answers, nobody decides, and what was not stored is forgotten.</summary>
    public void StopControlPlane()
    {
        Network.StopControlPlane();
        Mail.Lose();
        Gateway.Stop();
        Board.Clear();
        foreach (var grain in _grains)
        {
            grain.LoseActivation();
        }
    }

    /// <summary>It starts, perhaps with another wall clock, and wakes what has work.</summary>
    public void StartControlPlane(TimeSpan clockJump)
    {
        Clock.Jump(clockJump);
        Fleet.Forget();
        foreach (var grain in _grains)
        {
            PlanWake(grain);
        }

        Network.StartControlPlane();
    }

    public bool IsTraced => _trace is not null;

    public void Note(string line) => _trace?.Invoke(line);

    private GrainSlot<TActivation> Slot<TActivation>(
        Dictionary<string, GrainSlot<TActivation>> slots,
        string key,
        Func<TActivation> activate,
        Action? duplicateEnded = null)
        where TActivation : class, IActivation
    {
        if (!slots.TryGetValue(key, out var slot))
        {
            slots[key] = slot = new GrainSlot<TActivation>(key, this, activate, duplicateEnded);
            _grains.Add(slot);
        }

        return slot;
    }
}
