namespace Orchestrator.Domain.Ranks;

/// <summary>Where a rank's process is in its life.</summary>
public enum RankPhase
{
    /// <summary>Wanted, not yet confirmed by its agent.</summary>
    Waiting,

    /// <summary>The process runs.</summary>
    Running,

    /// <summary>The process ended.</summary>
    Exited,

    /// <summary>Its host was lost with it.</summary>
    Lost,
}
