namespace Orchestrator.Domain.Recovery;

/// <summary>What went wrong in an attempt, as far as the evidence goes.</summary>
/// <param name="Class">The kind of failure: it picks the first rung of the ladder.</param>
/// <param name="Cause">The cause.</param>
/// <param name="Node">The node at fault, or that of the rank that failed first; null when unknown.</param>
/// <param name="At">When the deciding evidence reached the control plane.</param>
/// <param name="IsCertain">No evidence that may still come would name another cause.</param>
public sealed record Failure(
    FailureClass Class, Reason Cause, string? Node, DateTimeOffset At, bool IsCertain)
{
    /// <summary>All that the rank at fault said last; empty where the cause is no rank's.</summary>
    public string LastWords { get; init; } = "";
}

/// <summary>The kinds of failure.</summary>
public enum FailureClass
{
    /// <summary>A host was lost with everything on it.</summary>
    HostLost,

    /// <summary>A device cannot be used.</summary>
    DeviceFailed,

    /// <summary>A host did not carry out an order.</summary>
    OrderFailed,

    /// <summary>No tier has a good copy of the checkpoint that the attempt resumes from.</summary>
    CheckpointUnusable,

    /// <summary>A rank ended by itself.</summary>
    RankCrashed,

    /// <summary>The host lives, but its ranks are gone.</summary>
    RanksVanished,

    /// <summary>Ranks lost each other, and nothing tells why.</summary>
    PeerLost,

    /// <summary>Nothing failed: a drained node is left as planned, and its successor is leased.</summary>
    Drained,

    /// <summary>Nothing failed: a person wants to go on from an earlier checkpoint.</summary>
    Rewound,
}
