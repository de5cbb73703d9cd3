using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;

namespace Orchestrator.Domain.Recovery;

/// <summary>What is done when every old rank is gone: relaunch, replace, or stop.</summary>
/// <remarks>The class of the failure picks the first rung; a repeat at the same place climbs one.</remarks>
public static class RecoveryLadder
{
    /// <summary>Takes the rung.</summary>
    /// <param name="state">The record of the paused job.</param>
    /// <param name="failure">
    /// The root cause; null when the evidence vanished: then the incident's own cause stays.
    /// </param>
    /// <param name="stoppedAt">When the last stop was confirmed.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record on its way to the next attempt, or to its end.</returns>
    public static JobState Recover(JobState state, Failure? failure, DateTimeOffset stoppedAt, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var cause = failure ?? Remembered(state, stoppedAt);
        var paused = Count(state, cause).OnIncident(incident => incident
            .Classify(cause.Cause, cause.Node, now)
            .Step(IncidentTrigger.GangStopped, IncidentPhase.Paused)
            .Note(stoppedAt, TimelineEvents.Paused, "no old rank is left"));
        if (paused.FruitlessAttempts >= paused.Spec!.StopAfterNoProgress)
        {
            return Stop(paused, cause, now);
        }

        var marked = Mark(paused, cause);
        return marked.Gang.Any(member => member.Replacement != Replacement.None)
            ? Replace(marked, cause, now)
            : Relaunch(marked, cause, now);
    }

    /// <summary>The job ends: its open incidents will not be resolved.</summary>
    /// <param name="state">The record.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record with its incidents closed.</returns>
    public static JobState Abandon(JobState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.OnOpenIncidents(incident => incident
            .Note(now, TimelineEvents.Closed, "the job ended")
            .Step(IncidentTrigger.JobEnded, IncidentPhase.Abandoned));
    }

    private static Failure Remembered(JobState state, DateTimeOffset at)
    {
        Invariant.That(state.OpenIncident is not null);
        return new(FailureClass.PeerLost, state.OpenIncident.Cause, state.OpenIncident.Node, at, IsCertain: true);
    }

    /// <summary>Only a rank's own exit without progress counts towards the job's own fault.</summary>
    private static JobState Count(JobState state, Failure cause)
    {
        var reached = JobReports.HighestStep(state);
        var checkpoint = state.Checkpoints.Newest?.Step ?? 0;
        var hasProgressed = reached > state.BestStep || checkpoint > state.BestCheckpoint;
        return state with
        {
            BestStep = Math.Max(state.BestStep, reached),
            BestCheckpoint = Math.Max(state.BestCheckpoint, checkpoint),
            FruitlessAttempts = (hasProgressed, cause.Class) switch
            {
                (true, _) => 0,
                (false, FailureClass.RankCrashed) => state.FruitlessAttempts + 1,
                _ => state.FruitlessAttempts,
            },
        };
    }

    private static JobState Mark(JobState state, Failure cause)
    {
        var isRepeat = cause.Class == FailureClass.RankCrashed && cause.Node == state.LastCrashNode;
        return state with
        {
            LastCrashNode = cause.Class == FailureClass.RankCrashed ? cause.Node : null,
            Gang =
            [
                .. state.Gang.Select(member => member with { Replacement = Rung(member, cause, isRepeat) }),
            ],
        };
    }

    private static Replacement Rung(GangMember member, Failure cause, bool isRepeat)
    {
        var isBlamed = member.Node == cause.Node;
        return member switch
        {
            { IsUnfit: true } => Replacement.Required,
            { IsLate: true } => Replacement.Preferred,
            _ when isBlamed && cause.Class == FailureClass.OrderFailed => Replacement.Required,
            _ when isBlamed && isRepeat => Replacement.Preferred,
            _ => Replacement.None,
        };
    }

    private static JobState Replace(JobState state, Failure cause, DateTimeOffset now)
    {
        var nodes = string.Join(
            ", ", state.Gang.Where(member => member.Replacement != Replacement.None).Select(member => member.Node));
        var why = state.Gang.Any(member => member.Replacement == Replacement.Required)
            ? $"Replace {nodes}: {cause.Cause.Code} means it cannot serve."
            : $"Replace {nodes} if a node is free: {cause.Cause.Code} speaks against it, but it may serve again.";
        var action = new Reason("replace_nodes", why);
        return state.OnIncident(incident => incident with { Action = action }).GiveBackUnfit()
            .Move(JobTrigger.GangStopped, JobPhase.Replacing, action, now);
    }

    private static JobState Relaunch(JobState state, Failure cause, DateTimeOffset now)
    {
        var action = new Reason(
            "relaunch_same_nodes", $"Relaunch on the same nodes: after {cause.Cause.Code} each of them can serve.");
        return state.OnIncident(incident => incident with { Action = action })
            .BeginAttempt()
            .Move(JobTrigger.GangStopped, JobPhase.Preparing, action, now);
    }

    private static JobState Stop(JobState state, Failure cause, DateTimeOffset now)
    {
        var reason = new Reason(
            "no_progress",
            $"Stopped after {state.FruitlessAttempts} attempts in a row that failed by themselves without progress. "
            + cause.Cause.Sentence);
        return Abandon(state.OnIncident(incident => incident with { Action = reason }), now).GiveBackAll()
            .Move(JobTrigger.GangStopped, JobPhase.Failed, reason, now);
    }
}
