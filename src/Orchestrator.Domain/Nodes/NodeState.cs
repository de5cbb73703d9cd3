using System.Collections.Immutable;
using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Leases;

namespace Orchestrator.Domain.Nodes;

/// <summary>The record of one node: the truth about its contact, its lease and its cordons.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.NodeState")]
public sealed record NodeState
{
    /// <summary>Version of the stored form.</summary>
    [Id(0)] public int SchemaVersion { get; init; } = 1;

    /// <summary>Its name, unique in the cluster; empty before the first hello.</summary>
    [Id(1)] public string Name { get; init; } = "";

    /// <summary>Where it is in its life.</summary>
    [Id(2)] public NodePhase Phase { get; init; }

    /// <summary>Why.</summary>
    [Id(3)] public Reason Reason { get; init; } = new("never_attached", "Its agent has never attached.");

    /// <summary>When the state has lasted as long as it may; re-armed after a reload.</summary>
    [Id(4)] public DateTimeOffset? Deadline { get; init; }

    /// <summary>Address under which ranks of other hosts reach it.</summary>
    [Id(5)] public string Address { get; init; } = "";

    /// <summary>Its accelerators.</summary>
    [Id(6)] public ImmutableArray<GpuDevice> Gpus { get; init; } = [];

    /// <summary>Version of its agent.</summary>
    [Id(7)] public string AgentVersion { get; init; } = "";

    /// <summary>Its kernel's boot id: a change means that everything on it was lost.</summary>
    [Id(8)] public string BootId { get; init; } = "";

    /// <summary>The newest session of its agent; older ones are not heard.</summary>
    [Id(9)] public long SessionNumber { get; init; }

    /// <summary>The agent's stream is open and fresh.</summary>
    [Id(10)] public bool IsConnected { get; init; }

    /// <summary>Its lease; null when it has none.</summary>
    [Id(11)] public Lease? Lease { get; init; }

    /// <summary>Number of its newest lease; rises with each.</summary>
    [Id(12)] public long LeaseNumber { get; init; }

    /// <summary>What keeps new work from it.</summary>
    [Id(13)] public ImmutableArray<Cordon> Cordons { get; init; } = [];

    /// <summary>Its newest steps, newest last.</summary>
    [Id(14)] public ImmutableArray<NodeTransition> History { get; init; } = [];

    /// <summary>Highest verdict number stored of each device.</summary>
    [Id(15)] public ImmutableDictionary<string, long> Verdicts { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>What must be ended before the node takes work.</summary>
    [Id(16)] public ImmutableArray<JobRemains> Remains { get; init; } = [];

    /// <summary>
    /// When the deadline of the state began to count: its beginning, or when what kept it from counting was over.
    /// </summary>
    [Id(17)] public DateTimeOffset? DeadlineFrom { get; init; }

    /// <summary>What an operator says of it through its agent, e.g. its rack.</summary>
    [Id(18)]
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>HOST:PORT where other agents can ask its agent; empty: nowhere.</summary>
    [Id(19)] public string PeerAddress { get; init; } = "";

    /// <summary>
    /// Other nodes that its agent can ask whether they hear the control plane, as it was told before contact was lost;
    /// null while there is contact, and where it does not matter.
    /// </summary>
    [Id(20)] public ImmutableArray<string>? Peers { get; init; }

    /// <summary>HOST:PORT where other agents store and fetch shards of checkpoints; empty: nowhere.</summary>
    [Id(21)] public string ShardAddress { get; init; } = "";

    /// <summary>It can take a lease now.</summary>
    public bool IsAvailable =>
        Phase == NodePhase.Warm && IsConnected && Cordons.IsEmpty && Lease is null && Remains.IsEmpty;
}
