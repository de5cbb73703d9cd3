using Orchestrator.Agent.Logs;

namespace Orchestrator.Agent.Options;

/// <summary>What the agent was started with.</summary>
/// <param name="Name">Name of the node, unique in the cluster.</param>
/// <param name="Silos">Where the control plane listens: one address per silo, any of which will do.</param>
/// <param name="StateFolder">Durable folder: records, logs, lease number, sockets.</param>
/// <param name="MemoryFolder">Folder whose content is as volatile as the host's memory: lease files.</param>
/// <param name="Address">Address under which ranks of other hosts reach this one.</param>
/// <param name="VirtualGpus">How many stand-ins for GPUs the node shows.</param>
/// <param name="Labels">What an operator says of the node, e.g. its rack.</param>
internal sealed record AgentOptions(
    string Name,
    IReadOnlyList<Uri> Silos,
    string StateFolder,
    string MemoryFolder,
    string Address,
    int VirtualGpus,
    IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>
    /// Port of <see cref="Address"/> where other agents ask whether this one hears the control plane; 0: nowhere.
    /// Default 7071.
    /// </summary>
    public int PeerPort { get; init; } = 7071;

    /// <summary>
    /// Port of <see cref="Address"/> where other agents store and fetch shards of checkpoints; 0: nowhere. Default
    /// 7073.
    /// </summary>
    public int ShardPort { get; init; } = 7073;

    /// <summary>
    /// Bytes of checkpoints that this host keeps in memory at most, its own and those of others. Default: a quarter of
    /// the host's memory, and at most three quarters of the file system of <see cref="MemoryFolder"/>.
    /// </summary>
    public long CheckpointMemoryBytes { get; init; }

    /// <summary>
    /// Bytes per second that this host sends to buckets at most, of all its jobs together; 0: no bound, the default.
    /// </summary>
    public long UploadBytesPerSecond { get; init; }

    /// <summary>How much of the ranks' logs is kept.</summary>
    public LogBounds Logs { get; init; } = LogBounds.Default;

    /// <summary>
    /// How long the ranks of an attempt train before standbys for the next one are started beside them. Default 5 s.
    /// </summary>
    public TimeSpan StandbyDelay { get; init; } = TimeSpan.FromSeconds(5);
}
