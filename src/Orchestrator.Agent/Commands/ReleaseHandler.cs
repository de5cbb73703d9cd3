using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Leases;
using Orchestrator.Agent.Progress;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>Stops what is left of a job and forgets it; only the logs stay.</summary>
/// <remarks>
/// "Accepted" is told when nothing is left, and a release is never refused for what fails on this host: the control
/// plane gives the node to the next job on either answer.
/// </remarks>
internal sealed class ReleaseHandler(
    JobTable jobs, JobEnds ends, RankTable table, GangStopper stopper, LeaseFiles leases, ProgressKeeper progress)
    : ICommandHandler
{
    public Command.BodyOneofCase Kind => Command.BodyOneofCase.Release;

    public Task<CommandStart> StartAsync(Command command, CancellationToken cancellationToken)
    {
        var attempt = LastAttempt(command);
        var left = stopper.RunningUpTo(command.JobId, attempt);
        stopper.Signal(left, NativeProcess.SignalKill);
        ends.Stopped(command.JobId, attempt);
        var start = CommandStart.Accept(token => FinishAsync(command.JobId, attempt, left, token));
        return Task.FromResult(start with { IsAnsweredAtEnd = true });
    }

    // Attempts count from 1. A release of attempt 0 comes from a control plane that holds no lease of the job any more
    // and only found its ranks in the Hello: it means all of them.
    private uint LastAttempt(Command command) => command.Attempt > 0
        ? command.Attempt
        : table.OfJob(command.JobId).Select(rank => rank.Key.Attempt)
            .Append(jobs.Get(command.JobId).LaunchedAttempt).Max();

    private async Task<IReadOnlyList<AgentEvent>> FinishAsync(
        string jobId, uint attempt, IReadOnlyList<TrackedRank> left, CancellationToken cancellationToken)
    {
        await stopper.EndedAsync(left, cancellationToken);
        await stopper.EndStragglersAsync(jobId, attempt, Timeout.InfiniteTimeSpan, cancellationToken);
        // Noted last: an agent that starts anew does not look for the ranks of what was released.
        ends.Released(jobId, attempt);
        foreach (var rank in table.OfJob(jobId).Where(rank => rank.Key.Attempt <= attempt))
        {
            table.Remove(rank);
            progress.Forget(rank);
        }

        // A later attempt under a new lease may have started meanwhile, and then the file is its own.
        if (table.OfJob(jobId).Count == 0 && jobs.Get(jobId).LaunchedAttempt <= attempt)
            leases.Drop(jobId);
        return [GangStopper.Stopped(jobId, attempt)];
    }
}
