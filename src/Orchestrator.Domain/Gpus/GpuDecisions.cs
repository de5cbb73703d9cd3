using System.Collections.Immutable;

namespace Orchestrator.Domain.Gpus;

/// <summary>The rules of one device: sightings and evidence in, a verdict for its node out.</summary>
public static class GpuDecisions
{
    /// <summary>An agent's probe found the device in a host.</summary>
    /// <param name="state">The record.</param>
    /// <param name="device">The device.</param>
    /// <param name="node">The host.</param>
    /// <returns>The record after it; the same reference when nothing is new.</returns>
    public static GpuState Sight(GpuState state, GpuDevice device, string node)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Device == device && state.Node == node)
        {
            return state;
        }

        var hosts = state.Node == node ? state.Hosts : Bound(state.Hosts.Add(node));
        return state with { Device = device, Node = node, Hosts = hosts };
    }

    /// <summary>Something was observed of the device.</summary>
    /// <param name="state">The record.</param>
    /// <param name="evidence">What was observed.</param>
    /// <returns>The record after it, with a pending verdict for the node; the same reference for a repeat.</returns>
    public static GpuState Observe(GpuState state, DeviceEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(evidence);
        if (state.Faults.Any(evidence.IsSameAs))
        {
            return state;
        }

        var number = state.VerdictNumber + 1;
        // A warning must not take the place of a worse verdict that the node has not heard yet.
        var worst = !evidence.IsFatal && state.Pending is { IsFatal: true } pending && pending.Node == evidence.Node
            ? pending
            : null;
        var reason = worst?.Reason ?? new Reason(
            evidence.IsFatal ? "device_failed" : "device_warning",
            $"GPU {evidence.Uuid} of {evidence.Node}: {evidence.Code} from {evidence.Source}: {evidence.Detail}");
        return state with
        {
            Faults = Bound(state.Faults.Add(evidence)),
            VerdictNumber = number,
            Pending = new DeviceVerdict(
                evidence.Uuid,
                evidence.Node,
                number,
                evidence.IsFatal || worst is not null,
                reason,
                worst?.EvidenceAt ?? evidence.At),
        };
    }

    /// <summary>The node has stored a verdict.</summary>
    /// <param name="state">The record.</param>
    /// <param name="number">The verdict's number.</param>
    /// <returns>The record after it.</returns>
    public static GpuState Acknowledge(GpuState state, long number)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Pending is { } pending && pending.Number <= number ? state with { Pending = null } : state;
    }

    private static ImmutableArray<T> Bound<T>(ImmutableArray<T> entries) =>
        entries.Length > Limits.GpuHistory ? entries.RemoveRange(0, entries.Length - Limits.GpuHistory) : entries;
}
