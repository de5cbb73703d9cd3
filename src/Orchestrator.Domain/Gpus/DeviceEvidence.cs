namespace Orchestrator.Domain.Gpus;

/// <summary>What was observed of one device, as its source gave it.</summary>
/// <param name="Uuid">The device.</param>
/// <param name="Node">The host it sat in.</param>
/// <param name="Source">Where it was seen, e.g. "kernel_log", "driver", "probe".</param>
/// <param name="Code">The source's own code, e.g. "xid_79".</param>
/// <param name="Detail">What the source said.</param>
/// <param name="IsFatal">The device cannot be used until it is repaired.</param>
/// <param name="At">When, on the control plane's clock.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.DeviceEvidence")]
public sealed record DeviceEvidence(
    string Uuid, string Node, string Source, string Code, string Detail, bool IsFatal, DateTimeOffset At);
