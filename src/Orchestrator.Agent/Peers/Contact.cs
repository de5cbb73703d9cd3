using Orchestrator.Agent.Host;
using Orchestrator.Domain.Leases;

namespace Orchestrator.Agent.Peers;

/// <summary>When the control plane was last heard.</summary>
internal sealed class Contact
{
    private const long Never = long.MinValue;

    // On the boot clock, which counts the time in which the whole host was stopped.
    private long _askedAt = Never;

    /// <summary>When the newest message that the control plane answered was sent; null before one.</summary>
    public TimeSpan? AskedAt =>
        Volatile.Read(ref _askedAt) is var asked && asked != Never ? TimeSpan.FromTicks(asked) : null;

    public bool IsFresh => AskedAt is { } asked && BootClock.Now - asked < Isolation.ContactHolds;

    /// <summary>The control plane answered.</summary>
    /// <param name="askedAt">
    /// When the message was sent that it answered: how long the answer then waited to be read, in the network or by an
    /// agent that was stopped, says nothing. Null changes nothing.
    /// </param>
    public void Hear(TimeSpan? askedAt)
    {
        if (askedAt is { } asked)
            Volatile.Write(ref _askedAt, asked.Ticks);
    }
}
