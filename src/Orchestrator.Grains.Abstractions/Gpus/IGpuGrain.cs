using Orchestrator.Domain.Gpus;
using Orleans.Concurrency;

namespace Orchestrator.Grains.Gpus;

/// <summary>The slow history of one GPU. Keyed by its UUID, so that history survives a move to another host.</summary>
[Alias("orchestrator.IGpuGrain")]
public interface IGpuGrain : IGrainWithStringKey
{
    /// <summary>A probe found it in a host. From the gateway.</summary>
    /// <param name="device">The device.</param>
    /// <param name="node">The host.</param>
    /// <returns>A task.</returns>
    [Alias("Sight")]
    Task Sight(GpuDevice device, string node);

    /// <summary>Something was observed of it; when this returns it is stored. From the gateway.</summary>
    /// <param name="evidence">What was observed.</param>
    /// <returns>A task.</returns>
    [Alias("Observe")]
    Task Observe(DeviceEvidence evidence);

    /// <summary>The node has stored a verdict.</summary>
    /// <param name="number">The verdict's number.</param>
    /// <returns>A task.</returns>
    [Alias("Acknowledge"), OneWay]
    Task Acknowledge(long number);

    /// <summary>The record.</summary>
    /// <returns>The record; without a device when it was never seen.</returns>
    [Alias("Get"), ReadOnly]
    Task<GpuState> Get();
}
