using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>Ends the ranks of an attempt and of every earlier one of its job.</summary>
internal sealed class StopHandler(JobTable jobs, GangStopper stopper, ILogger<StopHandler> log) : ICommandHandler
{
    public Command.BodyOneofCase Kind => Command.BodyOneofCase.Stop;

    public Task<CommandStart> StartAsync(Command command, CancellationToken cancellationToken)
    {
        Remember(command);
        var ranks = stopper.RunningUpTo(command.JobId, command.Attempt);
        var grace = TimeSpan.FromMilliseconds(command.Stop.GraceMs);
        stopper.Signal(ranks, grace > TimeSpan.Zero ? NativeProcess.SignalTerminate : NativeProcess.SignalKill);
        return Task.FromResult(CommandStart.Accept(token => FinishAsync(command, ranks, grace, token)));
    }

    private void Remember(Command command)
    {
        try
        {
            jobs.Change(command.JobId, job => job with
            {
                StoppedAttempt = Math.Max(job.StoppedAttempt, command.Attempt),
            });
        }
        catch (IOException exception)
        {
            // A full disk is no reason to let a stopped gang run on; only a restart of the agent would forget this.
            log.LogError("The stop of {Job} is obeyed but not stored: {Reason}", command.JobId, exception.Message);
        }
    }

    private async Task<IReadOnlyList<AgentEvent>> FinishAsync(
        Command command, IReadOnlyList<TrackedRank> ranks, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (grace > TimeSpan.Zero && !await stopper.EndedWithinAsync(ranks, grace, cancellationToken))
            stopper.Signal(ranks.Where(rank => rank.IsRunning), NativeProcess.SignalKill);
        await stopper.EndedAsync(ranks, cancellationToken);
        return [stopper.Stopped(command)];
    }
}
