using Grpc.Core;
using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Training;

public class CheckpointTests
{
    [Fact]
    public async Task Commit_FilesWritten_ReportsTheShardAndPrepareVerifiesIt()
    {
        await using var host = await HostUnderTest.StartAsync();
        var manifest = await host.SaveAsync(step: 10, content: "weights");

        manifest.Shards[0].Path.ShouldStartWith("step-00000010/attempt-1/rank-0-");
        manifest.Shards[0].Files.Select(file => file.Name).ShouldBe(["model/part.bin", "state.json"]);
        host.Order(new Command { Prepare = new Prepare { Store = host.Store, Resume = manifest } });
        var prepared = await host.NewsAsync("prepared", news => news.Prepared);
        prepared.CheckpointValid.ShouldBeTrue();
        prepared.Port.ShouldBeInRange(20_000u, 32_000u);
    }

    [Fact]
    public async Task Prepare_FileCorrupted_NamesIt()
    {
        await using var host = await HostUnderTest.StartAsync();
        var manifest = await host.SaveAsync(step: 10, content: "weights");
        var file = Path.Combine(host.Store, HostUnderTest.Job, manifest.Shards[0].Path, "model/part.bin");
        File.WriteAllText(file, "weighty");

        host.Order(new Command { Prepare = new Prepare { Store = host.Store, Resume = manifest } });

        var prepared = await host.NewsAsync("prepared", news => news.Prepared);
        prepared.CheckpointValid.ShouldBeFalse();
        prepared.CheckpointFault.Code.ShouldBe("shard_hash_differs");
        prepared.CheckpointFault.Sentence.ShouldContain("part.bin");
    }

    [Fact]
    public async Task Resume_NextAttempt_GivesTheShardsPath()
    {
        await using var host = await HostUnderTest.StartAsync();
        var manifest = await host.SaveAsync(step: 10, content: "weights");
        var next = host.Launch("exec sleep 300", "exec sleep 300");
        next.Launch.Resume = manifest;
        host.Order(next, attempt: 2);
        await host.StartedAsync(1, attempt: 2);

        using var training = new TrainingClient(host);
        var reply = await training.ResumeAsync(rank: 1, attempt: 2);

        reply.HasCheckpoint.ShouldBeTrue();
        reply.Step.ShouldBe(10u);
        File.ReadAllText(Path.Combine(reply.Path, "model/part.bin")).ShouldBe("weights");
        reply.ShardPaths[0].ShouldBe(reply.Path);
    }

    [Fact]
    public async Task Resume_ShardDamagedAfterThePrepare_IsRefusedAndNamesTheFile()
    {
        await using var host = await HostUnderTest.StartAsync();
        var manifest = await host.SaveAsync(step: 10, content: "weights");
        var next = host.Launch("exec sleep 300");
        next.Launch.Resume = manifest;
        host.Order(next, attempt: 2);
        await host.StartedAsync(attempt: 2);
        // The launch was right; what this host sees now is not what was verified.
        var file = Path.Combine(host.Store, HostUnderTest.Job, manifest.Shards[0].Path, "model/part.bin");
        File.WriteAllText(file, "weighty");

        using var training = new TrainingClient(host);
        var refusal = await Should.ThrowAsync<RpcException>(() => training.ResumeAsync(rank: 0, attempt: 2));

        refusal.StatusCode.ShouldBe(StatusCode.DataLoss);
        refusal.Status.Detail.ShouldContain("step 10");
        refusal.Status.Detail.ShouldContain("shard_hash_differs");
        refusal.Status.Detail.ShouldContain(file);
    }

    [Fact]
    public async Task Restart_ShardWasCommitted_IsToldAgain()
    {
        await using var host = await HostUnderTest.StartAsync();
        var manifest = await host.SaveAsync(step: 10, content: "weights");
        await host.Agent.KillAsync();
        var from = host.Gateway.Received.Count;
        await host.StartAgentAsync();

        var stored = await host.NewsAsync("shard stored, told again", news => news.ShardStored, from);

        stored.Shard.ShouldBe(manifest.Shards[0]);
        stored.Step.ShouldBe(10u);
    }

    [Fact]
    public async Task Retain_NewerCheckpointKept_DeletesTheOlderFiles()
    {
        await using var host = await HostUnderTest.StartAsync();
        var old = await host.SaveAsync(step: 10, content: "weights");
        using var training = new TrainingClient(host);
        var newer = await training.BeginAsync(step: 20);
        var kept = new CheckpointManifest { JobId = HostUnderTest.Job, Step = 20, Attempt = 1 };
        var jobFolder = Path.Combine(host.Store, HostUnderTest.Job);
        kept.Shards.Add(new Shard { Path = Path.GetRelativePath(jobFolder, newer.Directory) });

        host.Order(new Command { Retain = new Retain { Store = host.Store, Manifests = { kept } } });

        await host.Agent.Output.WaitAsync("the log of what was deleted", line =>
            line.Contains("Deleted 1 ") ? line : null);
        Directory.Exists(Path.Combine(host.Store, HostUnderTest.Job, old.Shards[0].Path)).ShouldBeFalse();
        Directory.Exists(newer.Directory).ShouldBeTrue();
    }

    [Fact]
    public async Task Commit_LaterAttemptLaunched_IsRefused()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        await host.StartedAsync();
        using var training = new TrainingClient(host);
        var opened = await training.BeginAsync(step: 5);
        File.WriteAllText(Path.Combine(opened.Directory, "state.json"), "{}");
        host.Order(host.Launch("exec sleep 300"), attempt: 2);
        await host.StartedAsync(attempt: 2);

        var reply = await training.CommitAsync(step: 5, opened.Directory);

        reply.Stored.ShouldBeFalse();
        reply.RefusalCode.ShouldBe("attempt_over");
    }

    [Fact]
    public async Task Begin_UnknownRank_IsRefusedWithASentence()
    {
        await using var host = await HostUnderTest.StartAsync();
        using var training = new TrainingClient(host);

        var reply = await training.BeginAsync(step: 5);

        reply.Directory.ShouldBeEmpty();
        reply.RefusalCode.ShouldBe("rank_unknown");
        reply.Refusal.ShouldContain("rank 0 of job-1");
    }
}
