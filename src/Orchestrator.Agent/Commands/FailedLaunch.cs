using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>Ends a launch in which the host could not start every rank: half a gang is no gang.</summary>
internal sealed class FailedLaunch(
    GangStopper stopper, RankTable table, JobEnds ends, ExitWatch exits, JobQueues queues,
    IHostApplicationLifetime lifetime)
{
    /// <summary>Ends what did start, whose exits are reported as stopped ones, and refuses the launch.</summary>
    public CommandStart End(Command command, IReadOnlyDictionary<uint, string> failures)
    {
        var started = stopper.RunningUpTo(command.JobId, command.Attempt);
        stopper.Signal(started, NativeProcess.SignalKill);
        ends.Stopped(command.JobId, command.Attempt);
        var (rank, words) = failures.MinBy(failure => failure.Key);
        var missing = failures.Where(failure => table.Find(KeyOf(command, failure.Key)) is null).ToArray();
        return CommandStart.Refuse("launch_failed", $"Rank {rank} could not be started: {words}") with
        {
            Finish = _ => Task.FromResult<IReadOnlyList<AgentEvent>>([.. missing.Select(one => Exited(command, one))]),
            Told = () => Told(started),
        };
    }

    private void Told(IReadOnlyList<TrackedRank> started)
    {
        exits.MayTellEndOf(started);
        // A rank that was slow to start gets its signal as soon as there is a process to signal.
        queues.Watch(stopper.EndedAsync(started, lifetime.ApplicationStopping));
    }

    // Stopped, because the refusal is the cause: the job did nothing that could be held against it.
    private static AgentEvent Exited(Command command, KeyValuePair<uint, string> failure) => new()
    {
        RankExited = new RankExited
        {
            JobId = command.JobId,
            Attempt = command.Attempt,
            Rank = failure.Key,
            Exit = new RankExit { Code = RankOutcome.NotStartedStatus, LastLines = failure.Value, WasStopped = true },
        },
    };

    private static RankKey KeyOf(Command command, uint rank) => new(command.JobId, command.Attempt, rank);
}
