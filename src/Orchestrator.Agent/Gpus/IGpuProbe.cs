using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Gpus;

/// <summary>Finds the accelerators of the host.</summary>
internal interface IGpuProbe
{
    /// <summary>Every device, by its position.</summary>
    IReadOnlyList<GpuDevice> Devices { get; }
}
