using Grpc.Core;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Hosting.Tests;

/// <summary>What a host is asked about stores and checkpoints, over its agent's stream.</summary>
public sealed class StoreQuestionsTests
{
    private const string Asked = "s3://checkpoints/team?endpoint=http://ceph:7480";
    private const string Works = Asked + "&path_style=true&checksum=md5";

    [Fact]
    public async Task SubmitJob_StoreWorks_IsStoredAsTheHostFoundItAndARepetitionAsksNobody()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        using var keep = agent;
        var request = new SubmitJobRequest { Spec = Spec(), IdempotencyKey = "key" };

        var submission = plane.Control.SubmitJobAsync(request);
        var question = await QuestionAsync(agent);
        question.Probe.Store.ShouldBe(Asked);
        await AnswerAsync(agent, question, new StoreAnswer { IsLast = true, Store = Works });

        var id = (await submission).JobId;
        (await plane.Control.GetJobAsync(new GetJobRequest { JobId = id })).Spec.Checkpoint.Store.ShouldBe(Works);
        (await plane.Control.SubmitJobAsync(request)).JobId.ShouldBe(id);
    }

    [Fact]
    public async Task SubmitJob_StoreDoesNotWork_IsInvalidWithWhatTheHostFound()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        using var keep = agent;

        var submission = plane.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec() });
        await AnswerAsync(agent, await QuestionAsync(agent), NoBucket());

        var error = await Should.ThrowAsync<RpcException>(async () => await submission);
        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        error.Trailers.GetValue("orchestrator-reason").ShouldBe("store_no_bucket");
        error.Status.Detail.ShouldBe("There is no bucket 'checkpoints'. host1 tried it.");
        (await plane.Control.ListJobsAsync(new ListJobsRequest())).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task SubmitJob_DryRun_TellsOfTheStoreAmongTheProblems()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        using var keep = agent;

        var run = plane.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec(), DryRun = true });
        await AnswerAsync(agent, await QuestionAsync(agent), NoBucket());

        var reply = await run;
        reply.Plan.ShouldBeNull();
        reply.Problems.ShouldHaveSingleItem().ShouldBe(
            "checkpoint.store: There is no bucket 'checkpoints'. host1 tried it. [store_no_bucket]");
    }

    [Fact]
    public async Task SubmitJob_NoHostInContact_IsAcceptedUnasked()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();

        var id = (await plane.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec() })).JobId;

        (await plane.Control.GetJobAsync(new GetJobRequest { JobId = id })).Spec.Checkpoint.Store.ShouldBe(Asked);
    }

    [Fact]
    public async Task VerifyCheckpoint_PartsOfTheAnswer_AreRelayedAsTheyCome()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        using var host = await SavedJob.StartAsync(plane, steps: [10, 20]);

        using var work = plane.Control.VerifyCheckpoint(
            new VerifyCheckpointRequest { JobId = host.JobId, Step = 10 });
        var question = await QuestionAsync(host.Agent);
        question.Verify.Store.ShouldBe("/srv/checkpoints");
        question.Verify.Manifest.Step.ShouldBe(10UL);
        await AnswerAsync(host.Agent, question, new StoreAnswer { Findings = { Missing() }, Done = 1, Total = 1 });
        (await work.ResponseStream.MoveNext()).ShouldBeTrue();
        var part = work.ResponseStream.Current;
        await AnswerAsync(host.Agent, question, new StoreAnswer { IsLast = true, Done = 1, Total = 1 });
        var rest = await work.ResponseStream.ReadAllAsync().ToListAsync();

        part.ShouldBe(new CheckpointWork
        {
            Node = "host1",
            Step = 10,
            Attempt = 1,
            Findings = { Missing() },
            Done = 1,
            Total = 1,
        });
        rest.ShouldHaveSingleItem().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task VerifyCheckpoint_AskerGoesAway_TheHostIsTold()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        using var host = await SavedJob.StartAsync(plane, steps: [10]);
        using var asker = new CancellationTokenSource();
        using var work = plane.Control.VerifyCheckpoint(
            new VerifyCheckpointRequest { JobId = host.JobId }, cancellationToken: asker.Token);
        var question = await QuestionAsync(host.Agent);

        await asker.CancelAsync();

        var told = await host.Agent.NextAsync(message => message.CancelStoreRequest > 0, "the end of the question");
        told.CancelStoreRequest.ShouldBe(question.RequestId);
    }

    [Fact]
    public async Task RestoreCheckpoint_Refused_IsTheHostsWord()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        using var host = await SavedJob.StartAsync(plane, steps: [10]);
        using var work = plane.Control.RestoreCheckpoint(new RestoreCheckpointRequest
        {
            JobId = host.JobId,
            Step = 10,
            Node = "host1",
            Folder = "/scratch/a",
        });

        var question = await QuestionAsync(host.Agent);
        question.Restore.Folder.ShouldBe("/scratch/a");
        await AnswerAsync(host.Agent, question, Fault("folder_not_empty", "/scratch/a is not empty."));

        var error = await Should.ThrowAsync<RpcException>(() => work.ResponseStream.MoveNext());
        error.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        error.Trailers.GetValue("orchestrator-reason").ShouldBe("folder_not_empty");
    }

    [Theory]
    [InlineData(11, "host1", "no_such_checkpoint")]
    [InlineData(10, "host9", "no_such_node")]
    public async Task RestoreCheckpoint_OfNothingOrNowhere_NotFound(ulong step, string node, string code)
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        using var host = await SavedJob.StartAsync(plane, steps: [10]);
        using var work = plane.Control.RestoreCheckpoint(new RestoreCheckpointRequest
        {
            JobId = host.JobId,
            Step = step,
            Node = node,
            Folder = "/scratch/a",
        });

        var error = await Should.ThrowAsync<RpcException>(() => work.ResponseStream.MoveNext());

        error.StatusCode.ShouldBe(StatusCode.NotFound);
        error.Trailers.GetValue("orchestrator-reason").ShouldBe(code);
    }

    private static async Task<StoreRequest> QuestionAsync(ScriptedAgent agent) =>
        (await agent.NextAsync(message => message.StoreRequest is not null, "a question")).StoreRequest;

    private static Task AnswerAsync(ScriptedAgent agent, StoreRequest question, StoreAnswer answer)
    {
        answer.RequestId = question.RequestId;
        return agent.SendAsync(new AgentMessage { StoreAnswer = answer });
    }

    private static StoreAnswer NoBucket() => Fault("store_no_bucket", "There is no bucket 'checkpoints'.");

    private static StoreAnswer Fault(string code, string sentence) =>
        new() { IsLast = true, Fault = new Reason { Code = code, Sentence = sentence } };

    private static ShardFinding Missing() => new()
    {
        Place = "store",
        State = ShardCopyState.Missing,
        Fault = new Reason { Code = "shard_missing", Sentence = "It is not there." },
    };

    private static JobSpec Spec()
    {
        var spec = new JobSpec { Name = "job", Nodes = 2, RanksPerNode = 1, WorkingDirectory = "/" };
        spec.Command.Add("true");
        spec.Checkpoint = new CheckpointPolicy { Store = Asked };
        return spec;
    }
}
