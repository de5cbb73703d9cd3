using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;

namespace Orchestrator.Domain.Recovery;

/// <summary>What is done when every old rank is gone: relaunch, replace, wait a while before either, or stop.</summary>
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
        var paused = Count(JobCheckpoints.Sift(state, now), cause).OnIncident(incident => incident
            .Classify(cause.Cause, cause.Node, now)
            .Step(IncidentTrigger.GangStopped, IncidentPhase.Paused)
            .Note(stoppedAt, TimelineEvents.Paused, "no old rank is left"));
        if (paused.FruitlessAttempts >= paused.Spec!.StopAfterNoProgress)
        {
            return Stop(paused, cause, now);
        }

        var marked = JobRelocation.Finish(Mark(paused, cause), now);
        var wait = IsExplained(cause) ? TimeSpan.Zero : BackOff.Wait(marked.BarrenAttempts);
        return wait > TimeSpan.Zero ? Wait(marked, cause, wait, now) : GoOn(marked, now);
    }

    /// <summary>The next attempt: on the same nodes, or with others where the ladder marked some.</summary>
    /// <param name="state">The record of the paused job, or of one whose wait is over.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record on its way to the next attempt.</returns>
    public static JobState GoOn(JobState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var trigger = state.Phase == JobPhase.BackingOff ? JobTrigger.WaitOver : JobTrigger.GangStopped;
        var cause = state.OpenIncident?.Cause ?? state.Reason;
        var isReplacing = state.Gang.Any(member => member.Replacement != Replacement.None);
        var action = isReplacing ? Replacing(state, cause) : Relaunching(state, cause);
        var acting = state.OnIncident(incident => incident with { Action = action });
        return isReplacing
            ? acting.GiveBackUnfit().Move(trigger, JobPhase.Replacing, action, now)
            : acting.BeginAttempt().Move(trigger, JobPhase.Preparing, action, now);
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

    /// <summary>
    /// The cause is a host's, a device's, a person's or a checkpoint's, which the next launch does not meet again.
    /// </summary>
    private static bool IsExplained(Failure cause) =>
        cause.Class is FailureClass.HostLost or FailureClass.DeviceFailed or FailureClass.Drained
            or FailureClass.Rewound or FailureClass.CheckpointUnusable;

    /// <summary>Only a rank's own exit without progress counts towards the job's own fault.</summary>
    private static JobState Count(JobState state, Failure cause)
    {
        var reached = JobReports.HighestStep(state);
        var checkpoint = state.Checkpoints.Newest?.Step ?? 0;
        // A bare count begins anew with each attempt: any advance is progress then, and the count before says nothing.
        var before = state.Spec!.Progress.IsBareCount() ? 0 : state.BestStep;
        var hasProgressed = reached > before || checkpoint > state.BestCheckpoint;
        var counted = state with
        {
            BestStep = Math.Max(state.BestStep, reached),
            BestCheckpoint = Math.Max(state.BestCheckpoint, checkpoint),
        };
        return hasProgressed
            ? counted with { FruitlessAttempts = 0, BarrenAttempts = 0 }
            : counted with
            {
                FruitlessAttempts = state.FruitlessAttempts + (cause.Class == FailureClass.RankCrashed ? 1 : 0),
                BarrenAttempts = state.BarrenAttempts + (IsExplained(cause) ? 0 : 1),
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
            // A refusal may be over when the host is asked again, so that it serves where no other node is free.
            _ when isBlamed && (isRepeat || cause.Class == FailureClass.OrderFailed) => Replacement.Preferred,
            { Report.Cordon: not null } => Replacement.Preferred,
            _ => Replacement.None,
        };
    }

    private static Reason Replacing(JobState state, Reason cause)
    {
        var nodes = string.Join(
            ", ", state.Gang.Where(member => member.Replacement != Replacement.None).Select(member => member.Node));
        return new Reason(
            "replace_nodes",
            state.Gang.Any(member => member.Replacement == Replacement.Required)
                ? $"Replace {nodes}: {cause.Code} means it cannot serve."
                : $"Replace {nodes} if a node is free: {cause.Code} speaks against it, but it may serve again.");
    }

    private static Reason Relaunching(JobState state, Reason cause) =>
        state.OpenIncident is { Replacements: [_, ..] successors }
            ? new("replace_nodes", $"Go on with {string.Join(", ", successors)}, leased before the ranks were stopped.")
            : new("relaunch_same_nodes", state.Rewind is { } rewind
                ? $"Relaunch on the same nodes, from the checkpoint of step {rewind.Checkpoint.Step}."
                : $"Relaunch on the same nodes: after {cause.Code} each of them can serve.");

    private static JobState Wait(JobState state, Failure cause, TimeSpan wait, DateTimeOffset now)
    {
        var reason = new Reason(
            "backing_off",
            $"Waits {wait.TotalSeconds:0} s before attempt {state.Attempt + 1}: {state.BarrenAttempts} attempts in a "
            + $"row made no progress. {cause.Cause.Sentence}");
        return state.OnIncident(incident => incident.Note(now, TimelineEvents.BackedOff, $"{wait.TotalSeconds:0} s"))
            .GiveBackUnfit().Move(JobTrigger.GangStopped, JobPhase.BackingOff, reason, now);
    }

    private static JobState Stop(JobState state, Failure cause, DateTimeOffset now)
    {
        var attempts = state.FruitlessAttempts == 1
            ? "an attempt that failed by itself"
            : $"{state.FruitlessAttempts} attempts in a row that failed by themselves";
        var reason = new Reason("own_fault", $"Stopped after {attempts} without progress. {cause.Cause.Sentence}");
        var told = state.OnIncident(incident => incident with { Action = reason });
        return (Abandon(told, now).GiveBackAll() with { FailureText = cause.LastWords })
            .Move(JobTrigger.GangStopped, JobPhase.Failed, reason, now);
    }
}
