namespace Orchestrator.Domain.Gpus;

/// <summary>What a GPU's history and newest evidence mean for the node it sits in.</summary>
/// <param name="Uuid">The device.</param>
/// <param name="Node">The node to tell.</param>
/// <param name="Number">Rises with every verdict on this device; the node acknowledges it.</param>
/// <param name="IsFatal">The device cannot be used: its node is quarantined.</param>
/// <param name="Reason">Why.</param>
/// <param name="EvidenceAt">When the evidence reached the control plane.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.DeviceVerdict")]
public sealed record DeviceVerdict(
    string Uuid, string Node, long Number, bool IsFatal, Reason Reason, DateTimeOffset EvidenceAt);
