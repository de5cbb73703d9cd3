using Google.Protobuf;
using Grpc.Core;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Hosting.Tests;

public sealed class ControlApiTests
{
    [Fact]
    public async Task SubmitJob_Invalid_AllProblemsAtOnceWithCode()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();

        var error = await Should.ThrowAsync<RpcException>(async () => await plane.Control.SubmitJobAsync(
            new SubmitJobRequest { Spec = new JobSpec { Name = "Not A Name", WorkingDirectory = "relative" } }));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        error.Trailers.GetValue("orchestrator-reason").ShouldBe("invalid_job");
        foreach (var key in new[] { "name:", "nodes:", "ranksPerNode:", "command:", "workingDirectory:" })
        {
            error.Status.Detail.ShouldContain(key);
        }
    }

    [Fact]
    public async Task SubmitJob_SameKeyTwice_IsOneJob()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var request = new SubmitJobRequest { Spec = Spec(), IdempotencyKey = "key" };

        var first = await plane.Control.SubmitJobAsync(request);
        var second = await plane.Control.SubmitJobAsync(request);

        second.JobId.ShouldBe(first.JobId);
        var job = (await plane.Control.ListJobsAsync(new ListJobsRequest())).Jobs.ShouldHaveSingleItem();
        job.Phase.ShouldBe(JobPhase.Queued);
        job.Spec.Checkpoint.Keep.ShouldBe(3U, "a zero in the protocol means the default");
    }

    [Fact]
    public async Task SubmitJob_SameKeyForAnotherJob_IsRefused()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        await plane.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec(), IdempotencyKey = "key" });
        var other = Spec();
        other.Nodes++;

        var error = await Should.ThrowAsync<RpcException>(async () => await plane.Control.SubmitJobAsync(
            new SubmitJobRequest { Spec = other, IdempotencyKey = "key" }));

        error.Trailers.GetValue("orchestrator-reason").ShouldBe("key_in_use");
    }

    [Fact]
    public async Task GetJob_Queued_AllOfItsTimeIsOnTheAccountWaiting()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var id = (await plane.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec() })).JobId;

        var job = await plane.Control.GetJobAsync(new GetJobRequest { JobId = id });

        job.Accounts.Where(account => account.Seconds > 0).ShouldHaveSingleItem().Name.ShouldBe("waiting");
        job.Goodput.ShouldBe(0);
    }

    [Fact]
    public async Task SubmitJob_ProgressOfALog_IsKeptAsAsked()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var asked = new ProgressPolicy { From = ProgressSource.Log, Pattern = "step (?<step>[0-9]+)" };
        var spec = Spec();
        spec.Progress = asked;

        var id = (await plane.Control.SubmitJobAsync(new SubmitJobRequest { Spec = spec })).JobId;

        (await plane.Control.GetJobAsync(new GetJobRequest { JobId = id })).Spec.Progress.ShouldBe(asked);
    }

    [Theory]
    [InlineData("job", "no_such_job")]
    [InlineData("node", "no_such_node")]
    [InlineData("incident", "no_such_incident")]
    public async Task Get_Unknown_NotFoundWithCode(string what, string code)
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();

        var error = await Should.ThrowAsync<RpcException>(async () => _ = what switch
        {
            "job" => (IMessage)await plane.Control.GetJobAsync(new GetJobRequest { JobId = "nothing" }),
            "node" => await plane.Control.GetNodeAsync(new GetNodeRequest { Name = "nothing" }),
            _ => await plane.Control.GetIncidentAsync(new GetIncidentRequest { IncidentId = "nothing" }),
        });

        error.StatusCode.ShouldBe(StatusCode.NotFound);
        error.Trailers.GetValue("orchestrator-reason").ShouldBe(code);
    }

    [Fact]
    public async Task ReadLogs_RankOnAConnectedHost_RelayedFromItsAgent()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        using var keep = agent;
        var id = (await plane.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec() })).JobId;
        var prepare = await agent.NextAsync(message => message.Command?.Prepare is not null, "a prepare");
        prepare.Command.JobId.ShouldBe(id);
        prepare.Command.LeaseNumber.ShouldBe(1UL);

        using var logs = plane.Control.ReadLogs(new ReadLogsRequest { JobId = id, TailBytes = 100 });
        var asked = (await agent.NextAsync(message => message.ReadLog is not null, "a request for the log")).ReadLog;
        asked.TailBytes.ShouldBe(100UL);
        await agent.SendAsync(new AgentMessage
        {
            Log = new LogChunk { RequestId = asked.RequestId, Data = ByteString.CopyFromUtf8("hello"), IsLast = true },
        });

        var data = new List<string>();
        await foreach (var chunk in logs.ResponseStream.ReadAllAsync())
        {
            data.Add(chunk.Data.ToStringUtf8());
        }

        data.ShouldBe(["hello"]);
    }

    [Fact]
    public async Task ReadLogs_RankThatDoesNotExist_SaysWhichDo()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var id = (await plane.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec() })).JobId;

        using var logs = plane.Control.ReadLogs(new ReadLogsRequest { JobId = id, Rank = 5 });
        var error = await Should.ThrowAsync<RpcException>(() => logs.ResponseStream.MoveNext());

        error.StatusCode.ShouldBe(StatusCode.NotFound);
        error.Status.Detail.ShouldContain("ranks 0 to 0");
    }

    [Fact]
    public void Options_NotLoopback_Refused()
    {
        var options = new OrchestratorOptions { Listen = new(System.Net.IPAddress.Any, 7070) };

        options.Problems().ShouldContain(problem => problem.Contains("no authentication"));
        options.Problems().ShouldContain(problem => problem.Contains("--data"));
    }

    private static JobSpec Spec()
    {
        var spec = new JobSpec { Name = "job", Nodes = 1, RanksPerNode = 1, WorkingDirectory = "/" };
        spec.Command.Add("true");
        return spec;
    }
}
