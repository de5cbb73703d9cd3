namespace Orchestrator.Domain.Incidents;

/// <summary>What can happen to an incident.</summary>
public enum IncidentTrigger
{
    /// <summary>The evidence suffices to name the cause.</summary>
    CauseFound,

    /// <summary>Every old rank is confirmed stopped, or its host is lost.</summary>
    GangStopped,

    /// <summary>Replacement nodes were leased.</summary>
    NodesReplaced,

    /// <summary>The launch of the next attempt was sent.</summary>
    LaunchSent,

    /// <summary>The first new step or checkpoint was seen, or the job finished.</summary>
    TrainingWentOn,

    /// <summary>Ranks run, but no progress signal came.</summary>
    NoSignal,

    /// <summary>The job ended.</summary>
    JobEnded,

    /// <summary>
    /// The job failed so often since, without a step between, that only the newer incidents are followed.
    /// </summary>
    Superseded,
}
