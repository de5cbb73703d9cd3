namespace Orchestrator.Agent.Jobs;

/// <summary>Notes that attempts are over. Ranks end whether or not the disk takes the note.</summary>
internal sealed class JobEnds(JobTable jobs, ILogger<JobEnds> log)
{
    /// <summary>The attempt and every earlier one were stopped.</summary>
    public void Stopped(string jobId, uint attempt) =>
        Note(jobId, job => job with { StoppedAttempt = Math.Max(job.StoppedAttempt, attempt) });

    /// <summary>The control plane no longer wants to hear of the attempt and of every earlier one.</summary>
    public void Released(string jobId, uint attempt) =>
        Note(jobId, job => job with { ReleasedAttempt = Math.Max(job.ReleasedAttempt, attempt) });

    private void Note(string jobId, Func<JobRecord, JobRecord> change)
    {
        try
        {
            jobs.Change(jobId, change);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full disk is no reason to let a stopped gang run on; only a restart of the agent would forget this.
            log.LogError("The end of {Job} is obeyed but not stored: {Reason}", jobId, exception.Message);
        }
    }
}
