using Grpc.Core;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Hosting.Tests;

/// <summary>A job of one rank on one scripted host, which has saved.</summary>
internal sealed class SavedJob : IDisposable
{
    private ulong _events;

    private SavedJob(string jobId, ScriptedAgent agent)
    {
        JobId = jobId;
        Agent = agent;
    }

    public string JobId { get; }

    public ScriptedAgent Agent { get; }

    /// <summary>Starts it, and waits until the checkpoints of these steps are committed.</summary>
    public static async Task<SavedJob> StartAsync(EmbeddedControlPlane plane, params ulong[] steps)
    {
        var spec = new JobSpec { Name = "job", Nodes = 1, RanksPerNode = 1, WorkingDirectory = "/" };
        spec.Command.Add("true");
        spec.Checkpoint = new CheckpointPolicy { Store = "/srv/checkpoints" };
        // Before there is a host: nobody is asked about the store.
        var id = (await plane.Control.SubmitJobAsync(new SubmitJobRequest { Spec = spec })).JobId;
        var (agent, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        var job = new SavedJob(id, agent);
        await job.AcceptAsync(message => message.Command?.Prepare is not null, "a prepare");
        await job.TellAsync(new AgentEvent
        {
            Prepared = new Prepared { JobId = id, Attempt = 1, Port = 29500, CheckpointValid = true },
        });
        await job.AcceptAsync(message => message.Command?.Launch is not null, "a launch");
        await job.TellAsync(new AgentEvent { RankStarted = new RankStarted { JobId = id, Attempt = 1, Pid = 100 } });
        foreach (var step in steps)
            await job.SaveAsync(step);
        using var watch = plane.Control.WatchJob(new GetJobRequest { JobId = id });
        await foreach (var state in watch.ResponseStream.ReadAllAsync())
        {
            if (state.Phase == JobPhase.Running && state.Checkpoints.Count == steps.Length)
                break;
        }

        return job;
    }

    /// <summary>The next command that matches, which the agent accepts.</summary>
    public async Task<Command> AcceptAsync(Func<GatewayMessage, bool> matches, string what)
    {
        var command = (await Agent.NextAsync(matches, what)).Command;
        await TellAsync(new AgentEvent
        {
            Outcome = new CommandOutcome { OperationId = command.OperationId, Accepted = true },
        });
        return command;
    }

    public Task TellAsync(AgentEvent news)
    {
        news.EventId = ++_events;
        return Agent.SendAsync(new AgentMessage { Event = news });
    }

    public void Dispose() => Agent.Dispose();

    private Task SaveAsync(ulong step)
    {
        var shard = new Shard { Path = $"step-{step:D8}/attempt-1/rank-0-1f2e3d4c", IsDurable = true };
        shard.Files.Add(new ShardFile { Name = "model", SizeBytes = 5, Sha256 = new string('0', 64) });
        var stored = new ShardStored { JobId = JobId, Attempt = 1, Step = step, Shard = shard, ShardsExpected = 1 };
        return TellAsync(new AgentEvent { ShardStored = stored });
    }
}
