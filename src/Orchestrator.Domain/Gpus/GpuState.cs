using System.Collections.Immutable;

namespace Orchestrator.Domain.Gpus;

/// <summary>The slow history of one device, which outlives the hosts it sat in.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.GpuState")]
public sealed record GpuState
{
    /// <summary>Version of the stored form.</summary>
    [Id(0)] public int SchemaVersion { get; init; } = 1;

    /// <summary>The device; null before it was first seen.</summary>
    [Id(1)] public GpuDevice? Device { get; init; }

    /// <summary>The host it was last seen in.</summary>
    [Id(2)] public string Node { get; init; } = "";

    /// <summary>The hosts it sat in, newest last.</summary>
    [Id(3)] public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>What was observed of it, newest last.</summary>
    [Id(4)] public ImmutableArray<DeviceEvidence> Faults { get; init; } = [];

    /// <summary>A verdict that its node has not acknowledged yet.</summary>
    [Id(5)] public DeviceVerdict? Pending { get; init; }

    /// <summary>Number of the newest verdict.</summary>
    [Id(6)] public long VerdictNumber { get; init; }
}
