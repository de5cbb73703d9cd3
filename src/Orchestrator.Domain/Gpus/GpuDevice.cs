namespace Orchestrator.Domain.Gpus;

/// <summary>One accelerator as an agent's probe saw it.</summary>
/// <param name="Uuid">The driver's UUID: it follows the device from host to host.</param>
/// <param name="Model">Product name.</param>
/// <param name="Index">Position on its host, from 0.</param>
/// <param name="MemoryBytes">Device memory; 0 where it has none of its own.</param>
/// <param name="IsVirtual">A stand-in on a machine without GPUs.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.GpuDevice")]
public sealed record GpuDevice(string Uuid, string Model, int Index, long MemoryBytes, bool IsVirtual);
