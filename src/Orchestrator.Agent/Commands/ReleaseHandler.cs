using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Leases;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>Stops what is left of a job and forgets it; only the logs stay.</summary>
internal sealed class ReleaseHandler(JobTable jobs, RankTable table, GangStopper stopper, LeaseFiles leases)
    : ICommandHandler
{
    public Command.BodyOneofCase Kind => Command.BodyOneofCase.Release;

    public Task<CommandStart> StartAsync(Command command, CancellationToken cancellationToken)
    {
        jobs.Change(command.JobId, job => job with
        {
            StoppedAttempt = Math.Max(job.StoppedAttempt, command.Attempt),
            ReleasedAttempt = Math.Max(job.ReleasedAttempt, command.Attempt),
        });
        var left = stopper.RunningUpTo(command.JobId, command.Attempt);
        stopper.Signal(left, NativeProcess.SignalKill);
        return Task.FromResult(CommandStart.Accept(token => FinishAsync(command, left, token)));
    }

    private async Task<IReadOnlyList<AgentEvent>> FinishAsync(
        Command command, IReadOnlyList<TrackedRank> left, CancellationToken cancellationToken)
    {
        await stopper.EndedAsync(left, cancellationToken);
        foreach (var rank in table.OfJob(command.JobId).Where(rank => rank.Key.Attempt <= command.Attempt))
            table.Remove(rank);
        // A later attempt under a new lease may have started meanwhile, and then the file is its own.
        if (table.OfJob(command.JobId).Count == 0 && jobs.Get(command.JobId).LaunchedAttempt <= command.Attempt)
            leases.Drop(command.JobId);
        return [stopper.Stopped(command)];
    }
}
