using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Leases;
using Orchestrator.Agent.Ranks;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Keeps what an attempt saves out of the job's checkpoints once the attempt is over.</summary>
internal sealed class SaveFence(JobTable jobs, LeaseFiles leases, ILogger<SaveFence> log)
{
    /// <summary>Why nothing of this rank counts any more; null while it does.</summary>
    public CheckpointFault? Refusal(RankKey key)
    {
        // A stop with grace leaves the attempt the current one: its ranks are asked to save before they end.
        if (jobs.Get(key.JobId).LaunchedAttempt != key.Attempt)
            return new CheckpointFault("attempt_over", $"{key} is not running here any more.");
        return HasLapsed(key.JobId)
            ? new CheckpointFault(
                "lease_expired", $"The lease of {key.JobId} ran out on this host, so {key} is over.")
            : null;
    }

    private bool HasLapsed(string jobId)
    {
        try
        {
            return leases.HasLapsed(jobId);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The control plane compares the attempt too; a file that cannot be read is no reason to lose a checkpoint.
            log.LogWarning("The lease of {Job} cannot be read: {Reason}", jobId, exception.Message);
            return false;
        }
    }
}
