using System.Collections.Immutable;
using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Nodes;

/// <summary>The whole truth about a host, as its agent tells it at the start of every session.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.AgentHello")]
public sealed record AgentHello
{
    /// <summary>Name of the node.</summary>
    [Id(0)] public required string Node { get; init; }

    /// <summary>Issued and persisted by the agent; rises with every stream it opens.</summary>
    [Id(1)] public required long SessionNumber { get; init; }

    /// <summary>The kernel's boot id.</summary>
    [Id(2)] public required string BootId { get; init; }

    /// <summary>Version of the agent.</summary>
    [Id(3)] public string AgentVersion { get; init; } = "";

    /// <summary>Address under which ranks of other hosts reach the host.</summary>
    [Id(4)] public string Address { get; init; } = "";

    /// <summary>Its accelerators.</summary>
    [Id(5)] public ImmutableArray<GpuDevice> Gpus { get; init; } = [];

    /// <summary>The highest lease number the agent ever obeyed.</summary>
    [Id(6)] public long LeaseNumber { get; init; }

    /// <summary>Every rank that the host still has a record of.</summary>
    [Id(7)] public ImmutableArray<HostedRank> Ranks { get; init; } = [];

    /// <summary>What an operator says of the node, e.g. its rack.</summary>
    [Id(8)]
    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>HOST:PORT where other agents can ask this one; empty: nowhere.</summary>
    [Id(9)] public string PeerAddress { get; init; } = "";

    /// <summary>HOST:PORT where other agents store and fetch shards of checkpoints; empty: nowhere.</summary>
    [Id(10)] public string ShardAddress { get; init; } = "";
}

/// <summary>A rank found on a host.</summary>
/// <param name="Job">Its job.</param>
/// <param name="Status">What the host knows of it.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.HostedRank")]
public sealed record HostedRank(string Job, RankStatus Status);
