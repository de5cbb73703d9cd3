using Orchestrator.Domain.Accounts;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Ranks;
using Orchestrator.Domain.Recovery;

namespace Orchestrator.Domain.Jobs;

/// <summary>The heart of a job: looks at the whole record and takes the step that is due.</summary>
/// <remarks>Level-triggered: whatever came, and in whatever order, the same record leads to the same step.</remarks>
public static class JobEvaluation
{
    /// <summary>Takes the step that is due, if any.</summary>
    /// <param name="state">The record.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record after it.</returns>
    public static JobState Evaluate(JobState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Phase switch
        {
            JobPhase.Preparing or JobPhase.Launching or JobPhase.Running => Advance(state, now),
            JobPhase.Pausing => Pausing(state, now),
            JobPhase.Stopping => IsGangStopped(state) ? Cancelled(state, now) : state,
            JobPhase.BackingOff or JobPhase.Replacing => Unfit(state),
            _ => state,
        };
    }

    private static JobState Advance(JobState state, DateTimeOffset now)
    {
        if (state.Ranks.Count(rank => rank.Exit is { IsSuccess: true }) == state.Spec!.WorldSize)
        {
            return Succeeded(state, now);
        }

        if (FailureSearch.Find(state) is { } failure)
        {
            return Pausing(Pause(state, failure, now), now);
        }

        return state.Phase == JobPhase.Preparing ? Prepared(state, now) : Progress(state, now);
    }

    private static JobState Prepared(JobState state, DateTimeOffset now)
    {
        var report = state.Gang[0].Report;
        if (report?.Preparation is not { } preparation || preparation.OperationId != JobOrders.PrepareId(state))
        {
            return state;
        }

        if (state.ResumeFrom is { } refused && preparation.CheckpointFault is { } fault)
        {
            var fallback = state.Checkpoints.DropNewest();
            return (state with
            {
                Checkpoints = fallback,
                ResumeFrom = fallback.Newest,
                PrepareRound = state.PrepareRound + 1,
            }).OnIncident(incident => incident.Add(
                    now,
                    TimelineEvents.CheckpointRefused,
                    $"step {refused.Step} of attempt {refused.Attempt}: {fault.Sentence}"))
                .Move(JobTrigger.CheckpointRefused, JobPhase.Preparing, fault, now);
        }

        return (state with { Port = preparation.Port })
            .OnIncident(incident => (incident with { ResumedFromStep = state.ResumeFrom?.Step ?? 0 })
                .Note(report.NewsAt, TimelineEvents.Prepared, ResumeText(state)))
            .Move(JobTrigger.Prepared, JobPhase.Launching, new Reason("launching", "Its ranks are starting."), now);
    }

    private static JobState Progress(JobState state, DateTimeOffset now)
    {
        if (state.Phase == JobPhase.Launching
            && state.Ranks.Count(rank => rank.Phase is RankPhase.Running or RankPhase.Exited) == state.Spec!.WorldSize)
        {
            var running = state
                .OnIncident(incident => (incident with { NextAttempt = state.Attempt })
                    .Step(IncidentTrigger.LaunchSent, IncidentPhase.Launched)
                    .Note(LastNews(state), TimelineEvents.RanksStarted, $"{state.Spec.WorldSize} ranks"))
                .Move(JobTrigger.RanksStarted, JobPhase.Running, new Reason("running", "Every rank runs."), now);
            return Advance(running, now);
        }

        var first = state.Ranks.Where(rank => rank.FirstStepAt is not null).MinBy(rank => rank.FirstStepAt);
        // Ranks that tell no steps prove by what they save that they train.
        return first is not null ? Resolve(state, first.FirstStepAt!.Value, $"step {first.FirstStep}")
            : state.Checkpoints.Newest is { } saved && saved.Attempt == state.Attempt
            ? Resolve(state, now, $"checkpoint of step {saved.Step}")
            : state;
    }

    private static JobState Resolve(JobState state, DateTimeOffset at, string detail) =>
        state.OnOpenIncidents(incident => incident
            .Note(at, TimelineEvents.FirstNewStep, detail)
            .Step(IncidentTrigger.TrainingWentOn, IncidentPhase.Resolved));

    private static JobState Pause(JobState state, Failure failure, DateTimeOffset now)
    {
        var number = state.IncidentCount + 1;
        var incident = new Incident
        {
            Id = $"{state.Id}-i{number}",
            Job = state.Id,
            Cause = failure.Cause,
            Node = failure.Node,
            FailedAttempt = state.Attempt,
        }.Note(failure.At, TimelineEvents.Detected, failure.Cause.Sentence);
        var isOfTraining = failure.Class != FailureClass.Drained && JobAccounts.IsTraining(state);
        return (Supersede(state, now) with
        {
            IncidentCount = number,
            OtherIncidents = state.OtherIncidents + (isOfTraining ? 0 : 1),
        }).WithIncident(incident).Move(JobTrigger.FailureSeen, JobPhase.Pausing, failure.Cause, now);
    }

    /// <summary>
    /// Failure upon failure without a step between: the oldest story ends where the newer ones go on.
    /// </summary>
    private static JobState Supersede(JobState state, DateTimeOffset now)
    {
        var open = state.Incidents.Where(incident => incident.IsOpen).ToArray();
        return open.Length < Limits.OpenIncidents
            ? state
            : state.WithIncident(open[0]
                .Note(now, TimelineEvents.Closed, "the newer incidents of this job tell the rest")
                .Step(IncidentTrigger.Superseded, IncidentPhase.Abandoned));
    }

    private static JobState Pausing(JobState state, DateTimeOffset now)
    {
        var failure = FailureSearch.Find(state);
        var heard = state.OnIncident(incident =>
        {
            incident = FailureSearch.Evidence(state).Aggregate(incident, IncidentSteps.Hear);
            incident = incident with { ReachedStep = Math.Max(incident.ReachedStep, JobReports.HighestStep(state)) };
            return failure is { IsCertain: true } ? incident.Classify(failure.Cause, failure.Node, now) : incident;
        });
        heard = failure is { IsCertain: true } ? heard with { Reason = failure.Cause } : heard;
        return IsGangStopped(heard) ? RecoveryLadder.Recover(heard, failure, LastNews(heard), now) : heard;
    }

    private static JobState Unfit(JobState state) => state.Gang
        .Where(member => member.IsUnfit && member.Replacement != Replacement.Required)
        .Aggregate(state, (job, member) => job.WithMember(member with { Replacement = Replacement.Required }))
        .GiveBackUnfit();

    private static JobState Succeeded(JobState state, DateTimeOffset now) =>
        Resolve(state, now, "the job finished").GiveBackAll()
            .MoveToEnd(
                JobTrigger.RanksFinished, JobPhase.Succeeded, new Reason("finished", "Every rank finished."), now);

    private static JobState Cancelled(JobState state, DateTimeOffset now) =>
        RecoveryLadder.Abandon(state, now).GiveBackAll()
            .Move(JobTrigger.GangStopped, JobPhase.Cancelled, state.Reason, now);

    private static JobState MoveToEnd(
        this JobState state, JobTrigger trigger, JobPhase to, Reason reason, DateTimeOffset now)
    {
        // A job may finish before the last "process runs" of its ranks was heard.
        var running = state.Phase == JobPhase.Preparing ? state with { Phase = JobPhase.Launching } : state;
        return running.Move(trigger, to, reason, now);
    }

    private static bool IsGangStopped(JobState state) => state.Gang.All(member => member.IsStopped(state.Attempt));

    private static DateTimeOffset LastNews(JobState state) =>
        state.Gang.Max(member => member.Report?.NewsAt ?? DateTimeOffset.MinValue);

    private static string ResumeText(JobState state) => state.ResumeFrom is { } from
        ? $"checkpoint of step {from.Step} verified, port {state.Gang[0].Report!.Preparation!.Port}"
        : $"from nothing, port {state.Gang[0].Report!.Preparation!.Port}";
}
