namespace Orchestrator.Domain.Incidents;

/// <summary>How far an incident is.</summary>
public enum IncidentPhase
{
    /// <summary>Something failed; the cause is not certain yet.</summary>
    Detected,

    /// <summary>The cause is known.</summary>
    Classified,

    /// <summary>The old ranks are gone.</summary>
    Paused,

    /// <summary>Replacement nodes are leased.</summary>
    Replaced,

    /// <summary>The next attempt's ranks were ordered to start.</summary>
    Launched,

    /// <summary>The first new step or checkpoint was seen, or the job finished.</summary>
    Resolved,

    /// <summary>Ranks run again, but nothing tells whether they advance.</summary>
    Unconfirmed,

    /// <summary>The job ended before it ran again, or only the newer incidents are followed.</summary>
    Abandoned,
}
