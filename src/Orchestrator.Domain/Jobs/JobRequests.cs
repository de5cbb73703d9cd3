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
}
