using Orchestrator.Domain.Lifecycles;
using static Orchestrator.Domain.Incidents.IncidentPhase;
using static Orchestrator.Domain.Incidents.IncidentTrigger;

namespace Orchestrator.Domain.Incidents;

/// <summary>The life cycle of an incident.</summary>
public static class IncidentLifecycle
{
    private static readonly IncidentPhase[] Open = [Detected, Classified, Paused, Replaced, Launched];

    /// <summary>While its job pauses, nothing but the gang's end or the job's takes it further.</summary>
    private static readonly IncidentPhase[] AfterPause = [Paused, Replaced, Launched];

    /// <summary>Every allowed step and every deadline.</summary>
    public static readonly TransitionTable<IncidentPhase, IncidentTrigger> Table = new(
        [
            new(Detected, CauseFound, Classified, "the evidence names the cause"),
            new(Classified, CauseFound, Classified, "later evidence names an earlier cause"),
            new(Classified, GangStopped, Paused, "no old rank is left"),
            new(Paused, NodesReplaced, Replaced, "only where nodes are replaced"),
            new(Paused, LaunchSent, Launched, "same nodes"),
            new(Replaced, LaunchSent, Launched, "with the replacements"),
            .. AfterPause.Select(phase => new Transition<IncidentPhase, IncidentTrigger>(
                phase, TrainingWentOn, Resolved, "first new step or checkpoint, or the job finished")),
            .. Open.Select(phase => new Transition<IncidentPhase, IncidentTrigger>(
                phase, JobEnded, Abandoned, "the job was stopped first")),
            .. AfterPause.Select(phase => new Transition<IncidentPhase, IncidentTrigger>(
                phase, NoSignal, Unconfirmed, "running, but without any sign of progress")),
            .. AfterPause.Select(phase => new Transition<IncidentPhase, IncidentTrigger>(
                phase, Superseded, Abandoned, "more than 8 are open: the newer ones tell the rest")),
        ],
        [
            new(Detected, "until every old rank is stopped", "Classified"),
            new(Classified, "until every old rank is stopped", "Paused"),
            new(Paused, "until nodes are there", "the job's reason says what it waits for"),
            new(Replaced, "the job's prepare deadline", "a new incident"),
            new(Launched, "10 min without any signal", "Unconfirmed"),
            new(Resolved, "no limit: closed", "kept"),
            new(Unconfirmed, "no limit: closed", "kept"),
            new(Abandoned, "no limit: closed", "kept"),
        ]);
}
