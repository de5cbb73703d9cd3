using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>Ends the ranks of an attempt and of every earlier one of its job.</summary>
internal sealed class StopHandler(JobEnds ends, GangStopper stopper) : ICommandHandler
{
    public Command.BodyOneofCase Kind => Command.BodyOneofCase.Stop;

    public Task<CommandStart> StartAsync(Command command, CancellationToken cancellationToken)
    {
        var ranks = stopper.RunningUpTo(command.JobId, command.Attempt);
        var grace = TimeSpan.FromMilliseconds(command.Stop.GraceMs);
        stopper.Signal(ranks, grace > TimeSpan.Zero ? NativeProcess.SignalTerminate : NativeProcess.SignalKill);
        ends.Stopped(command.JobId, command.Attempt);
        return Task.FromResult(CommandStart.Accept(token => FinishAsync(command, ranks, grace, token)));
    }

    private async Task<IReadOnlyList<AgentEvent>> FinishAsync(
        Command command, IReadOnlyList<TrackedRank> ranks, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (grace > TimeSpan.Zero && !await stopper.EndedWithinAsync(ranks, grace, cancellationToken))
            stopper.Signal(ranks.Where(rank => rank.IsRunning), NativeProcess.SignalKill);
        await stopper.EndedAsync(ranks, cancellationToken);
        // Recovery waits for this answer, and what is left outside the gang holds up no other launch.
        await stopper.EndStragglersAsync(
            command.JobId, command.Attempt, AgentLimits.StragglerSearch, cancellationToken);
        return [GangStopper.Stopped(command.JobId, command.Attempt)];
    }
}
