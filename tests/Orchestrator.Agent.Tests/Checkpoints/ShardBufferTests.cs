using System.Security.Cryptography;
using System.Text;
using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Checkpoints;

public class ShardBufferTests
{
    private const ulong Mebibyte = 1 << 20;

    [Fact]
    public async Task Commit_InBackground_IsToldWithTheHashOfTheWholeBuffer()
    {
        await using var host = await StartAsync();
        using var training = new TrainingClient(host);
        var opened = await training.BeginBufferAsync(step: 10, bytes: Mebibyte - 1);
        Write(opened, "weights");

        var reply = await training.CommitAsync(step: 10, opened.Directory, inBackground: true);

        reply.Stored.ShouldBeTrue(reply.Refusal);
        var stored = await StoredAsync(host, step: 10);
        var file = stored.Shard.Files.ShouldHaveSingleItem();
        file.Name.ShouldBe("state");
        file.SizeBytes.ShouldBe(Mebibyte);
        file.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(opened.Buffer))));
        stored.Shard.Unreplicated.Code.ShouldBe("no_other_host");
    }

    [Fact]
    public async Task Begin_ShardOfABufferRetired_GivesTheSameBufferWithItsContent()
    {
        await using var host = await StartAsync();
        using var training = new TrainingClient(host);
        var old = await SaveAsync(host, training, step: 10);
        var newer = await SaveAsync(host, training, step: 20);
        newer.BufferId.ShouldNotBe(old.BufferId);
        await RetainAsync(host, await StoredAsync(host, step: 20));

        var next = await training.BeginBufferAsync(step: 30, Mebibyte);

        next.BufferId.ShouldBe(old.BufferId);
        File.ReadAllText(next.Buffer).ShouldStartWith("step 10");
        File.Exists(old.Buffer).ShouldBeFalse();
    }

    [Fact]
    public async Task Begin_EveryBufferIsNeeded_IsRefused()
    {
        await using var host = await StartAsync();
        using var training = new TrainingClient(host);
        foreach (var step in new ulong[] { 10, 20, 30 })
            await SaveAsync(host, training, step);

        var reply = await training.BeginBufferAsync(step: 40, Mebibyte);

        reply.Buffer.ShouldBeEmpty();
        reply.Directory.ShouldBeEmpty();
        reply.RefusalCode.ShouldBe("buffers_busy");
    }

    [Fact]
    public async Task Begin_MoreThanTheMemory_IsRefusedAndABufferInUseCountsOnce()
    {
        await using var host = await StartAsync(mebibytes: 5);
        using var training = new TrainingClient(host);
        var first = await training.BeginBufferAsync(step: 10, 3 * Mebibyte);
        await training.CommitAsync(step: 10, first.Directory, inBackground: true);

        var second = await training.BeginBufferAsync(step: 20, 3 * Mebibyte);
        var small = await training.BeginBufferAsync(step: 20, Mebibyte);

        second.RefusalCode.ShouldBe("memory_full");
        small.Refusal.ShouldBeEmpty();
    }

    [Fact]
    public async Task Begin_EarlierSaveWasGivenUp_GivesItsBufferAgain()
    {
        await using var host = await StartAsync();
        using var training = new TrainingClient(host);
        var first = await training.BeginBufferAsync(step: 10, Mebibyte);

        var second = await training.BeginBufferAsync(step: 10, Mebibyte);

        second.BufferId.ShouldBe(first.BufferId);
        second.Directory.ShouldNotBe(first.Directory);
        (await training.CommitAsync(step: 10, first.Directory)).RefusalCode.ShouldBe("shard_missing");
    }

    [Fact]
    public async Task Begin_OtherSize_ReplacesTheFreeBuffer()
    {
        await using var host = await StartAsync();
        using var training = new TrainingClient(host);
        var small = await training.BeginBufferAsync(step: 10, Mebibyte);

        var large = await training.BeginBufferAsync(step: 10, 9 * Mebibyte);
        var slightlySmaller = await training.BeginBufferAsync(step: 10, 8 * Mebibyte);

        large.BufferId.ShouldNotBe(small.BufferId);
        slightlySmaller.BufferId.ShouldBe(large.BufferId);
        Pools(host).SelectMany(Directory.GetFiles).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Commit_AgentStartedAgainMeanwhile_IsStored()
    {
        await using var host = await StartAsync();
        var opened = default(BeginCheckpointReply)!;
        using (var before = new TrainingClient(host))
            opened = await before.BeginBufferAsync(step: 10, Mebibyte);
        await host.Agent.KillAsync();
        Write(opened, "weights");
        await host.StartAgentAsync();
        using var training = new TrainingClient(host);

        var reply = await training.CommitAsync(step: 10, opened.Directory, inBackground: true);

        reply.Stored.ShouldBeTrue(reply.Refusal);
        await StoredAsync(host, step: 10);
    }

    [Fact]
    public async Task Restart_ShardWasTakenOver_IsHashedAndTold()
    {
        await using var host = await StartAsync();
        using var training = new TrainingClient(host);
        // More than can be hashed before the agent is killed.
        var opened = await training.BeginBufferAsync(step: 10, 512 * Mebibyte);
        Write(opened, "weights");
        await training.CommitAsync(step: 10, opened.Directory, inBackground: true);
        await host.Agent.KillAsync();
        var from = host.Gateway.Received.Count;

        await host.StartAgentAsync();

        var stored = await StoredAsync(host, step: 10, from);
        stored.Shard.Files.ShouldHaveSingleItem().SizeBytes.ShouldBe(512 * Mebibyte);
    }

    [Fact]
    public async Task Begin_NextAttempt_FreesTheBuffersOfTheOneBefore()
    {
        await using var host = await StartAsync();
        using var training = new TrainingClient(host);
        var kept = await SaveAsync(host, training, step: 10);
        var givenUp = await training.BeginBufferAsync(step: 20, Mebibyte);
        host.Order(InMemory(host), attempt: 2);
        await host.StartedAsync(attempt: 2);

        var next = await training.BeginBufferAsync(step: 20, Mebibyte, attempt: 2);

        next.Refusal.ShouldBeEmpty();
        Pools(host).Select(Path.GetFileName).ShouldBe(["attempt-2-rank-0"]);
        File.ReadAllText(kept.Buffer).ShouldStartWith("step 10");
        Directory.Exists(givenUp.Directory).ShouldBeFalse();
    }

    [Fact]
    public async Task Commit_InBackgroundLaterAttemptLaunched_IsRefused()
    {
        await using var host = await StartAsync();
        using var training = new TrainingClient(host);
        var opened = await training.BeginBufferAsync(step: 10, Mebibyte);
        host.Order(InMemory(host), attempt: 2);
        await host.StartedAsync(attempt: 2);

        var reply = await training.CommitAsync(step: 10, opened.Directory, inBackground: true);

        reply.Stored.ShouldBeFalse();
        reply.RefusalCode.ShouldBe("attempt_over");
    }

    [Fact]
    public async Task Begin_JobThatSavesIntoItsStore_GivesADirectoryWithoutABuffer()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        await host.StartedAsync();
        using var training = new TrainingClient(host);

        var opened = await training.BeginBufferAsync(step: 10, Mebibyte);

        opened.Buffer.ShouldBeEmpty();
        opened.Directory.ShouldStartWith(host.Store);
    }

    private static async Task<HostUnderTest> StartAsync(int mebibytes = 1024)
    {
        var host = await HostUnderTest.StartAsync(1, "--checkpoint-memory-mib", $"{mebibytes}");
        host.Order(InMemory(host));
        await host.StartedAsync();
        return host;
    }

    private static Command InMemory(HostUnderTest host)
    {
        var command = host.Launch("exec sleep 300");
        command.Launch.KeepsInMemory = true;
        return command;
    }

    private static async Task<BeginCheckpointReply> SaveAsync(HostUnderTest host, TrainingClient training, ulong step)
    {
        var opened = await training.BeginBufferAsync(step, Mebibyte);
        Write(opened, $"step {step}");
        var reply = await training.CommitAsync(step, opened.Directory, inBackground: true);
        reply.Stored.ShouldBeTrue(reply.Refusal);
        await StoredAsync(host, step);
        return opened;
    }

    // As a rank does that has mapped it: the file stays as long as it is.
    private static void Write(BeginCheckpointReply opened, string content)
    {
        opened.Refusal.ShouldBeEmpty();
        using var file = File.OpenHandle(opened.Buffer, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, Encoding.UTF8.GetBytes(content), 0);
    }

    private static Task<ShardStored> StoredAsync(HostUnderTest host, ulong step, int from = 0) =>
        host.NewsAsync($"shard of step {step}", news =>
            news.ShardStored is { } stored && stored.Step == step ? stored : null, from);

    private static async Task RetainAsync(HostUnderTest host, ShardStored newest)
    {
        var kept = new CheckpointManifest { JobId = HostUnderTest.Job, Step = newest.Step, Attempt = newest.Attempt };
        kept.Shards.Add(newest.Shard);
        host.Order(new Command
        {
            Retain = new Retain { Store = host.Store, Manifests = { kept } },
        });
        await host.Agent.Output.WaitAsync("the log of what was deleted", line =>
            line.Contains("that are no longer kept") ? line : null);
    }

    private static string[] Pools(HostUnderTest host) =>
        Directory.GetDirectories(Path.Combine(host.Memory, "checkpoints", HostUnderTest.Job, "buffers"));
}
