using Orchestrator.Agent.Logs;

namespace Orchestrator.Agent.Options;

/// <summary>What the agent was started with.</summary>
/// <param name="Name">Name of the node, unique in the cluster.</param>
/// <param name="Silo">Where the control plane listens.</param>
/// <param name="StateFolder">Durable folder: records, logs, lease number, sockets.</param>
/// <param name="MemoryFolder">Folder whose content is as volatile as the host's memory: lease files.</param>
/// <param name="Address">Address under which ranks of other hosts reach this one.</param>
/// <param name="VirtualGpus">How many stand-ins for GPUs the node shows.</param>
/// <param name="Labels">What an operator says of the node, e.g. its rack.</param>
internal sealed record AgentOptions(
    string Name,
    Uri Silo,
    string StateFolder,
    string MemoryFolder,
    string Address,
    int VirtualGpus,
    IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>How much of the ranks' logs is kept.</summary>
    public LogBounds Logs { get; init; } = LogBounds.Default;
}
