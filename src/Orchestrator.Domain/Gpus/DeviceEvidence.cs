namespace Orchestrator.Domain.Gpus;

/// <summary>What was observed of one device, as its source gave it.</summary>
/// <param name="Uuid">The device.</param>
/// <param name="Node">The host it sat in.</param>
/// <param name="Source">Where it was seen, e.g. "kernel_log", "driver", "probe".</param>
/// <param name="Code">The source's own code, e.g. "xid_79".</param>
/// <param name="Detail">What the source said.</param>
/// <param name="IsFatal">The device cannot be used until it is repaired.</param>
/// <param name="At">When, on the control plane's clock.</param>
/// <param name="Occurrence">
/// Which occurrence it is, as the agent names it: the same however often it is told, another for a new one. Empty where
/// the agent names none.
/// </param>
[GenerateSerializer, Immutable, Alias("orchestrator.DeviceEvidence")]
public sealed record DeviceEvidence(
    string Uuid, string Node, string Source, string Code, string Detail, bool IsFatal, DateTimeOffset At,
    string Occurrence = "")
{
    /// <summary>Both tell of the same fault: a reconnected agent tells again what may not have been heard.</summary>
    /// <param name="other">What was observed of the same device.</param>
    /// <returns>True when the other is a repetition.</returns>
    public bool IsSameAs(DeviceEvidence other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Occurrence.Length == 0
            ? this == other
            : (Source, Code, Occurrence) == (other.Source, other.Code, other.Occurrence);
    }
}
