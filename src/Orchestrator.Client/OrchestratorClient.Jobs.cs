using System.Runtime.CompilerServices;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Client;

public sealed partial class OrchestratorClient
{
    /// <summary>Submits a job and returns its id as soon as the control plane has stored it.</summary>
    /// <param name="spec">What to run.</param>
    /// <param name="idempotencyKey">
    /// Any text, unique to this submission: repeating it with the same key returns the first one's job. Null: none,
    /// and a repeated submission is a second job.
    /// </param>
    /// <param name="cancellationToken">Gives the call up; the job may have been stored nevertheless.</param>
    /// <exception cref="OrchestratorException">
    /// Also when the job is refused: then with all problems, one per line.
    /// </exception>
    public async Task<string> SubmitJobAsync(
        JobSpec spec, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var request = new SubmitJobRequest { Spec = spec, IdempotencyKey = idempotencyKey ?? "" };
        var reply = await CallAsync(o => _control.SubmitJobAsync(request, o), cancellationToken).ConfigureAwait(false);
        return reply.JobId;
    }

    /// <summary>
    /// Checks a job and says what would happen if it were submitted now; nothing is stored. The reply holds either the
    /// problems of the job or the plan.
    /// </summary>
    /// <exception cref="OrchestratorException">The call failed.</exception>
    public Task<SubmitJobReply> DryRunJobAsync(JobSpec spec, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var request = new SubmitJobRequest { Spec = spec, DryRun = true };
        return CallAsync(o => _control.SubmitJobAsync(request, o), cancellationToken);
    }

    /// <summary>All jobs, newest first.</summary>
    /// <exception cref="OrchestratorException">The call failed.</exception>
    public async Task<IReadOnlyList<Job>> ListJobsAsync(CancellationToken cancellationToken = default)
    {
        var request = new ListJobsRequest();
        var reply = await CallAsync(o => _control.ListJobsAsync(request, o), cancellationToken).ConfigureAwait(false);
        return reply.Jobs;
    }

    /// <summary>One job as it stands.</summary>
    /// <exception cref="OrchestratorException">Also when there is no such job.</exception>
    public Task<Job> GetJobAsync(string jobId, CancellationToken cancellationToken = default)
    {
        var request = new GetJobRequest { JobId = jobId };
        return CallAsync(o => _control.GetJobAsync(request, o), cancellationToken);
    }

    /// <summary>The job now, and again after each change, until it has ended.</summary>
    /// <exception cref="OrchestratorException">
    /// Also when there is no such job, or the control plane goes away.
    /// </exception>
    public IAsyncEnumerable<Job> WatchJobAsync(string jobId, CancellationToken cancellationToken = default)
    {
        var request = new GetJobRequest { JobId = jobId };
        return StreamAsync(o => _control.WatchJob(request, o), cancellationToken);
    }

    /// <summary>
    /// Starts a planned stop (SIGTERM, the job's grace, SIGKILL) and returns the phase after the request.
    /// </summary>
    /// <exception cref="OrchestratorException">Also when there is no such job, or it has already ended.</exception>
    public async Task<JobPhase> CancelJobAsync(string jobId, CancellationToken cancellationToken = default)
    {
        var request = new CancelJobRequest { JobId = jobId };
        var reply = await CallAsync(o => _control.CancelJobAsync(request, o), cancellationToken).ConfigureAwait(false);
        return reply.Phase;
    }

    /// <summary>
    /// Output of one rank in pieces, from the host that runs or ran it. Pieces end anywhere, also inside a character.
    /// </summary>
    /// <exception cref="OrchestratorException">Also when there is no such rank, or its host is gone.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLogsAsync(
        ReadLogsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var piece in ReadLogPiecesAsync(request, cancellationToken).ConfigureAwait(false))
        {
            yield return piece.Data.Memory;
        }
    }

    /// <summary>
    /// As <see cref="ReadLogsAsync"/>, each piece with its place in the log, so that a broken reading can go on.
    /// </summary>
    /// <exception cref="OrchestratorException">Also when there is no such rank, or its host is gone.</exception>
    public IAsyncEnumerable<LogData> ReadLogPiecesAsync(
        ReadLogsRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StreamAsync(o => _control.ReadLogs(request, o), cancellationToken);
    }
}
