using Google.Protobuf;
using Grpc.Core;
using Orchestrator.Protocol.V1;
using Orchestrator.Storage.Postgres;
using Orchestrator.Storage.Schema;
using Orchestrator.Testing;

namespace Orchestrator.Hosting.Tests;

/// <summary>Several silos over one PostgreSQL database: whichever is asked answers for all.</summary>
public sealed class ClusterTests(PostgresServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task SeveralSilos_EachShowsAndReadsWhatOthersHaveTheStreamsOf()
    {
        var database = await DatabaseAsync();
        await using var one = await EmbeddedControlPlane.JoinAsync(database);
        await using var two = await EmbeddedControlPlane.JoinAsync(database);
        await using var three = await EmbeddedControlPlane.JoinAsync(database);
        var (agent, _) = await ScriptedAgent.AttachAsync(one, "host1", session: 1);
        using var keep = agent;

        var id = (await two.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec() })).JobId;
        await RunAsync(agent, id);
        await agent.SendAsync(new AgentMessage
        {
            Heartbeat = new Heartbeat
            {
                Number = 1_000,
                Ranks = { new RankProgress { JobId = id, Attempt = 1, Rank = 0, Step = 7, Phase = "train" } },
            },
        });

        await UntilAsync(three, id, job => job.Phase == JobPhase.Running && job.Step == 7);
        await EventAsync(three, one => one.Subject == "host1" && one.To == "Active");
        (await ReadLogAsync(three, agent, id)).ShouldBe("hello");
    }

    [Fact]
    public async Task SiloStops_ItsGrainsLiveOnElsewhere()
    {
        var database = await DatabaseAsync();
        var one = await EmbeddedControlPlane.JoinAsync(database);
        await using var two = await EmbeddedControlPlane.JoinAsync(database);
        var (agent, _) = await ScriptedAgent.AttachAsync(two, "host1", session: 1);
        using var keep = agent;
        var id = (await one.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec() })).JobId;
        await RunAsync(agent, id);

        await one.StopAsync();
        await one.DisposeAsync();

        await UntilAsync(two, id, job => job.Phase == JobPhase.Running);
        await agent.SendAsync(Event(5, new AgentEvent
        {
            RankExited = new RankExited { JobId = id, Attempt = 1, Rank = 0, Exit = new RankExit { Code = 0 } },
        }));
        await UntilAsync(two, id, job => job.Phase == JobPhase.Succeeded);
    }

    [Fact]
    public async Task Backup_RestoredWhileRanksRun_GoesOnWithThem()
    {
        var database = await DatabaseAsync();
        var id = "";
        await using (var before = await EmbeddedControlPlane.JoinAsync(database))
        {
            var (agent, _) = await ScriptedAgent.AttachAsync(before, "host1", session: 1);
            using var keep = agent;
            id = (await before.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec() })).JobId;
            await RunAsync(agent, id);
            await UntilAsync(before, id, job => job.Phase == JobPhase.Running);
        }

        var restored = await server.CreateDatabaseAsync();
        await server.CopyAsync(database, restored);
        await using var after = await EmbeddedControlPlane.JoinAsync(restored);
        var (again, _) = await ScriptedAgent.AttachAsync(
            after, "host1", session: 2, new RankRecord { JobId = id, Attempt = 1, Rank = 0, LeaseNumber = 1, Pid = 1 });
        using var keepAgain = again;
        await again.SendAsync(Event(5, new AgentEvent
        {
            RankExited = new RankExited { JobId = id, Attempt = 1, Rank = 0, Exit = new RankExit { Code = 0 } },
        }));

        await UntilAsync(after, id, job => job.Phase == JobPhase.Succeeded && job.Attempt == 1);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("Host=db1")]
    [InlineData("Hst=db1;Database=orchestrator;Password=secret")]
    public void Options_WithoutADatabase_SayWhatIsWrongAndRepeatNoPassword(string postgres)
    {
        var problem = new OrchestratorOptions { Postgres = postgres }.Problems().ShouldHaveSingleItem();

        problem.ShouldStartWith("--postgres, or ORCHESTRATOR_POSTGRES: this names no database: ");
        problem.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Start_OnADatabaseWithoutTheSchema_IsRefusedWithWhatToDo()
    {
        var empty = await server.CreateDatabaseAsync();

        var refused = await Should.ThrowAsync<StorageRefusedException>(() => EmbeddedControlPlane.JoinAsync(empty));

        refused.Message.ShouldContain("is empty. Initialize the storage to fill it.");
    }

    private static async Task RunAsync(ScriptedAgent agent, string id)
    {
        var prepare = await agent.NextAsync(message => message.Command?.Prepare is not null, "a prepare");
        await agent.SendAsync(Event(1, Accept(prepare)));
        await agent.SendAsync(Event(2, new AgentEvent
        {
            Prepared = new Prepared { JobId = id, Attempt = 1, Port = 29_500, CheckpointValid = true },
        }));
        var launch = await agent.NextAsync(message => message.Command?.Launch is not null, "a launch");
        await agent.SendAsync(Event(3, Accept(launch)));
        await agent.SendAsync(Event(4, new AgentEvent
        {
            RankStarted = new RankStarted { JobId = id, Attempt = 1, Rank = 0, Pid = 1 },
        }));
    }

    private static AgentEvent Accept(GatewayMessage message) => new()
    {
        Outcome = new CommandOutcome { OperationId = message.Command.OperationId, Accepted = true },
    };

    private static async Task<string> ReadLogAsync(EmbeddedControlPlane plane, ScriptedAgent agent, string id)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var log = plane.Control.ReadLogs(
            new ReadLogsRequest { JobId = id, Rank = 0 }, cancellationToken: deadline.Token);
        var asked = await agent.NextAsync(message => message.ReadLog is not null, "a request for the log");
        foreach (var (text, isLast) in new[] { ("hel", false), ("lo", true) })
        {
            await agent.SendAsync(new AgentMessage
            {
                Log = new LogChunk
                {
                    RequestId = asked.ReadLog.RequestId,
                    Data = ByteString.CopyFromUtf8(text),
                    IsLast = isLast,
                },
            });
        }

        var read = "";
        await foreach (var piece in log.ResponseStream.ReadAllAsync(deadline.Token))
        {
            read += piece.Data.ToStringUtf8();
        }

        return read;
    }

    private static async Task UntilAsync(EmbeddedControlPlane plane, string id, Func<Job, bool> isReached)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var watch = plane.Control.WatchJob(new GetJobRequest { JobId = id }, cancellationToken: deadline.Token);
        var last = "";
        try
        {
            await foreach (var job in watch.ResponseStream.ReadAllAsync(deadline.Token))
            {
                last = job.ToString();
                if (isReached(job))
                {
                    return;
                }
            }
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Cancelled && deadline.IsCancellationRequested)
        {
        }

        throw new TimeoutException($"The job did not get there within {Patience}; it is {last}");
    }

    private static async Task EventAsync(EmbeddedControlPlane plane, Func<Event, bool> isIt)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var watch = plane.Control.WatchEvents(
            new WatchEventsRequest { Follow = true }, cancellationToken: deadline.Token);
        await foreach (var one in watch.ResponseStream.ReadAllAsync(deadline.Token))
        {
            if (isIt(one))
            {
                return;
            }
        }
    }

    private static AgentMessage Event(ulong id, AgentEvent body)
    {
        body.EventId = id;
        return new AgentMessage { Event = body };
    }

    private static JobSpec Spec()
    {
        var spec = new JobSpec { Name = "job", Nodes = 1, RanksPerNode = 1, WorkingDirectory = "/" };
        spec.Command.Add("true");
        return spec;
    }

    private async Task<string> DatabaseAsync()
    {
        var database = await server.CreateDatabaseAsync();
        using var storage = new PostgresStorage(database);
        (await storage.InitializeAsync()).IsReady.ShouldBeTrue();
        return database;
    }
}
