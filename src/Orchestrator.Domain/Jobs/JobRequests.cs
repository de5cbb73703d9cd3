using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Nodes;

namespace Orchestrator.Domain.Jobs;

/// <summary>The rules of what people ask of a job.</summary>
public static class JobRequests
{
    /// <summary>A job is submitted.</summary>
    /// <param name="state">The record, empty or of the same submission.</param>
    /// <param name="id">The job's id.</param>
    /// <param name="spec">What the user asks for.</param>
    /// <param name="now">Now.</param>
    /// <returns>The queued job (the same reference when it was submitted before), or all problems.</returns>
    public static Decision<JobState> Submit(JobState state, string id, JobSpec spec, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Spec is not null)
        {
            return state;
        }

        var problems = JobSpecCheck.Problems(spec);
        return problems.Count > 0
            ? new Decision<JobState>(state, new Reason("invalid_job", string.Join('\n', problems)))
            : state with
            {
                Id = id,
                Spec = spec,
                SubmittedAt = now,
                Reason = new Reason("queued", $"Waits for {spec.Nodes} nodes."),
            };
    }

    /// <summary>A person asks for the job's end.</summary>
    /// <param name="state">The record.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record after it (the same reference when it is ending already), or why not.</returns>
    public static Decision<JobState> Cancel(JobState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var asked = new Reason("cancel_asked", "A person asked for its end.");
        if (state.Phase.IsEnded())
        {
            return new(state, new Reason("job_ended", $"{state.Id} has ended: {state.Reason.Sentence}"));
        }

        return state.Phase switch
        {
            JobPhase.Stopping => state,
            JobPhase.Queued => state.Move(JobTrigger.CancelAsked, JobPhase.Cancelled, asked, now),
            _ => JobEvaluation.Evaluate(state.Move(JobTrigger.CancelAsked, JobPhase.Stopping, asked, now), now),
        };
    }

    /// <summary>A person wants the job to go on from an earlier checkpoint.</summary>
    /// <param name="state">The record.</param>
    /// <param name="request">From which, and who asks.</param>
    /// <param name="now">Now.</param>
    /// <returns>
    /// The record with the wish (the same reference when the job goes on from there already), or why not.
    /// </returns>
    public static Decision<JobState> ResumeFrom(JobState state, RewindRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(request);
        if (Problem(state, request) is { } problem)
        {
            return new(state, problem);
        }

        if (IsOver(state, request))
        {
            return new(state, state.ResumeFrom?.Step == request.Step ? null : AttemptOver(state, request));
        }

        var target = state.Checkpoints.Restorable.FirstOrDefault(manifest => manifest.Step == request.Step);
        if (target is null)
        {
            return new(state, NoSuchCheckpoint(state, request.Step));
        }

        return IsAlreadySo(state, target)
            ? state
            : JobEvaluation.Evaluate(JobRewind.Wish(state, target, request, now), now);
    }

    /// <summary>A person wants older checkpoints to be forgotten, so that their room is free.</summary>
    /// <param name="state">The record.</param>
    /// <param name="keep">The newest to keep, at least 1.</param>
    /// <returns>The record without them (the same reference when there are none), or why not.</returns>
    public static Decision<JobState> Prune(JobState state, int keep)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Phase.IsEnded())
        {
            return new(state, new Reason("job_ended", $"{state.Id} has ended and has no hosts that could delete its "
                + $"files. Delete {state.Id} in {state.Spec!.CheckpointStore} yourself when nobody needs it."));
        }

        var left = state.Checkpoints.Prune(Math.Max(1, keep), state.Rewind?.Checkpoint);
        return ReferenceEquals(left, state.Checkpoints) ? state : state with { Checkpoints = left };
    }

    private static Reason? Problem(JobState state, RewindRequest request) => state.Phase switch
    {
        _ when state.Phase.IsEnded() => new Reason("job_ended", $"{state.Id} has ended: {state.Reason.Sentence} It "
            + "cannot go on; it can be submitted again."),
        JobPhase.Stopping => new Reason(
            "job_stopping", $"{state.Id} is being stopped for good, and will not go on from any checkpoint."),
        _ => NodeDrain.OwnerProblem(request.Owner)
            ?? (request.Why.Length > 0 ? NodeDrain.ReasonProblem(request.Why) : null),
    };

    private static bool IsOver(JobState state, RewindRequest request) =>
        request.Attempt > 0 && request.Attempt < state.Attempt;

    private static Reason AttemptOver(JobState state, RewindRequest request) => new(
        "attempt_over",
        $"Attempt {request.Attempt} of {state.Id} is over; it is at attempt {state.Attempt} now. Look at it, and ask "
        + "again.");

    private static bool IsAlreadySo(JobState state, CheckpointManifest target) =>
        state.Rewind is { } rewind
            ? rewind.Checkpoint == target.Id
            : state.Phase is JobPhase.Preparing or JobPhase.Launching
                && state.ResumeFrom?.Id == target.Id && state.Checkpoints.Newest?.Id == target.Id;

    private static Reason NoSuchCheckpoint(JobState state, long step)
    {
        var steps = state.Checkpoints.Restorable.Select(manifest => manifest.Step).ToArray();
        return new Reason("no_such_checkpoint", $"{state.Id} has no checkpoint of step {step} to go on from; "
            + (steps.Length == 0 ? "it has none yet." : $"it has those of steps {string.Join(", ", steps)}."));
    }
}
