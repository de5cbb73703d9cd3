using Orchestrator.Protocol.V1;

namespace Orchestrator.Client;

public sealed partial class OrchestratorClient
{
    /// <summary>The checkpoints of a job, newest first: what can be resumed from, and what is arriving.</summary>
    /// <exception cref="OrchestratorException">Also when there is no such job.</exception>
    public Task<ListCheckpointsReply> ListCheckpointsAsync(
        string jobId, CancellationToken cancellationToken = default)
    {
        var request = new ListCheckpointsRequest { JobId = jobId };
        return CallAsync(o => _control.ListCheckpointsAsync(request, o), cancellationToken);
    }

    /// <summary>
    /// Has a job go on from an earlier checkpoint: what runs is stopped as planned, and the next attempt resumes from
    /// there on the same nodes. Later checkpoints are given up.
    /// </summary>
    /// <param name="jobId">The job.</param>
    /// <param name="step">Of the checkpoint.</param>
    /// <param name="attempt">
    /// The attempt that you saw. When it is over nothing more is stopped, so that the call can be repeated. 0:
    /// whichever runs, and then a repetition may end a second attempt.
    /// </param>
    /// <param name="reason">Why: one line of at most 200 letters; null: not said.</param>
    /// <param name="owner">Who asks; null: "operator".</param>
    /// <param name="cancellationToken">Gives the call up; the job may go on from there nevertheless.</param>
    /// <returns>The phase after it, and whether anything changed.</returns>
    /// <exception cref="OrchestratorException">
    /// Also when there is no such checkpoint, or the job has ended or is being stopped.
    /// </exception>
    public Task<ResumeJobReply> ResumeJobAsync(
        string jobId,
        ulong step,
        uint attempt = 0,
        string? reason = null,
        string? owner = null,
        CancellationToken cancellationToken = default)
    {
        var request = new ResumeJobRequest
        {
            JobId = jobId,
            Step = step,
            Attempt = attempt,
            Reason = reason ?? "",
            Owner = owner ?? "",
        };
        return CallAsync(o => _control.ResumeJobAsync(request, o), cancellationToken);
    }

    /// <summary>
    /// Forgets all checkpoints of a job but the newest; its hosts then delete their files. What it would resume from,
    /// the newest in the store and the one on its way there stay in any case.
    /// </summary>
    /// <param name="jobId">The job.</param>
    /// <param name="keep">How many are kept.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>Which were forgotten, and which are left.</returns>
    /// <exception cref="OrchestratorException">
    /// Also when the job has ended: it has no hosts that could delete.
    /// </exception>
    public Task<PruneCheckpointsReply> PruneCheckpointsAsync(
        string jobId, uint keep = 1, CancellationToken cancellationToken = default)
    {
        var request = new PruneCheckpointsRequest { JobId = jobId, Keep = keep };
        return CallAsync(o => _control.PruneCheckpointsAsync(request, o), cancellationToken);
    }

    /// <summary>
    /// Has a host read every copy of a checkpoint and compare it with its manifest. Ends with the last finding.
    /// </summary>
    /// <param name="jobId">The job.</param>
    /// <param name="step">Of the checkpoint; null: the newest that can be resumed from.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OrchestratorException">
    /// Also when there is no such checkpoint, or no host to read it.
    /// </exception>
    public IAsyncEnumerable<CheckpointWork> VerifyCheckpointAsync(
        string jobId, ulong? step = null, CancellationToken cancellationToken = default)
    {
        var request = new VerifyCheckpointRequest { JobId = jobId };
        if (step is { } one)
            request.Step = one;
        return StreamAsync(o => _control.VerifyCheckpoint(request, o), cancellationToken);
    }

    /// <summary>
    /// Has a host write all shards of a checkpoint, verified, into a folder of its own. Ends when all are there.
    /// </summary>
    /// <param name="jobId">The job.</param>
    /// <param name="node">Whose agent writes.</param>
    /// <param name="folder">
    /// Absolute path on that host; missing or empty. Rank N's files go into "rank-N" in it.
    /// </param>
    /// <param name="step">Of the checkpoint; null: the newest that can be resumed from.</param>
    /// <param name="cancellationToken">Ends the work; what is written until then stays.</param>
    /// <exception cref="OrchestratorException">
    /// Also when no copy of a shard is good, or the folder is not empty.
    /// </exception>
    public IAsyncEnumerable<CheckpointWork> RestoreCheckpointAsync(
        string jobId, string node, string folder, ulong? step = null, CancellationToken cancellationToken = default)
    {
        var request = new RestoreCheckpointRequest { JobId = jobId, Node = node, Folder = folder };
        if (step is { } one)
            request.Step = one;
        return StreamAsync(o => _control.RestoreCheckpoint(request, o), cancellationToken);
    }
}
