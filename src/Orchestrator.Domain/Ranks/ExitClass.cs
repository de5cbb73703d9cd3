namespace Orchestrator.Domain.Ranks;

/// <summary>What a rank's exit says about where the fault lies.</summary>
public enum ExitClass
{
    /// <summary>It finished.</summary>
    Finished,

    /// <summary>We stopped it.</summary>
    Stopped,

    /// <summary>It lost another rank: the fault is elsewhere, and its last words may name where.</summary>
    PeerLost,

    /// <summary>It ended by itself: its script, its data, its memory or its device.</summary>
    OwnExit,
}
