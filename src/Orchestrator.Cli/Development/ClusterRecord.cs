using System.Text.Json.Serialization;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development;

/// <summary>A development cluster as cluster.json keeps it.</summary>
internal sealed record ClusterRecord
{
    /// <summary>Address of the control plane.</summary>
    [JsonIgnore]
    public string Server => $"http://127.0.0.1:{Port}";

    /// <summary>Port of the control plane: control API and agents.</summary>
    public required int Port { get; init; }

    /// <summary>Ports of the silo's own protocol; kept so that a restarted silo is the same silo.</summary>
    public required int SiloPort { get; init; }

    public required int OrleansGatewayPort { get; init; }

    /// <summary>Where the agents knock at each other's addresses; 0 in clusters from before they did.</summary>
    public int PeerPort { get; init; }

    /// <summary>Where the agents store and fetch shards; 0 in clusters from before they did.</summary>
    public int ShardPort { get; init; }

    /// <summary>Warm nodes held back for replacements.</summary>
    public required int Warm { get; init; }

    public required ClusterBinaries Binaries { get; init; }

    /// <summary>The running machine's boot: process ids of an earlier one mean nothing.</summary>
    public required string MachineBootId { get; init; }

    /// <summary>Null while the silo is stopped.</summary>
    public ProcessIdentity? Silo { get; init; }

    public required IReadOnlyList<HostRecord> Hosts { get; init; }
}

/// <summary>One host of a development cluster.</summary>
internal sealed record HostRecord
{
    public required string Name { get; init; }

    /// <summary>Address in 127.0.0.0/8 under which ranks of other hosts reach this one.</summary>
    public required string Address { get; init; }

    public required string Folder { get; init; }

    /// <summary>Stands for the kernel's boot id: new after each loss of power.</summary>
    public required string BootId { get; init; }

    /// <summary>Null while the agent is stopped.</summary>
    public ProcessIdentity? Agent { get; init; }

    [JsonIgnore]
    public HostFolder Files => new(Folder);
}

/// <summary>Absolute paths of the programs of a cluster.</summary>
internal sealed record ClusterBinaries(string Silo, string Agent);

/// <summary>
/// Serialization of cluster.json, generated at build time: start-up is most of a short command's life.
/// </summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ClusterRecord))]
internal sealed partial class ClusterJson : JsonSerializerContext;
