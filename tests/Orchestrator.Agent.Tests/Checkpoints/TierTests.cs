using Grpc.Core;
using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Checkpoints;

/// <summary>Real agents whose hosts hold shards for each other.</summary>
public sealed class TierTests
{
    private const string Weights = "weights";

    [Fact]
    public async Task Commit_WithAPartner_IsHeldByBothHosts()
    {
        await using var host = await HostUnderTest.StartAsync(1);
        await using var partner = await HostUnderTest.StartAsync(2);

        var stored = await ReplicatedAsync(host, partner);

        stored.Shard.Holders.ShouldBe([host.Holder, partner.Holder]);
        stored.Shard.IsDurable.ShouldBeFalse();
        File.ReadAllText(FileOf(partner, stored.Shard)).ShouldBe(Weights);
    }

    [Fact]
    public async Task Commit_WithoutAPartner_SaysWhyThereIsOneCopy()
    {
        await using var host = await HostUnderTest.StartAsync(1);

        var stored = await SaveAsync(host, partner: null);

        stored.Shard.Holders.ShouldBe([host.Holder]);
        stored.Shard.Unreplicated.Code.ShouldBe("no_other_host");
    }

    [Fact]
    public async Task Commit_PartnersMemoryFull_SaysSo()
    {
        await using var host = await HostUnderTest.StartAsync(1);
        await using var partner = await HostUnderTest.StartAsync(2, "--checkpoint-memory-mib", "1");
        Directory.CreateDirectory(Path.Combine(partner.Memory, "checkpoints"));
        await File.WriteAllBytesAsync(Path.Combine(partner.Memory, "checkpoints/other"), new byte[1 << 20]);

        await SaveAsync(host, partner.Holder);

        var refused = await host.NewsAsync("a refusal of the partner", news => news.ShardStored?.Shard.Unreplicated);
        refused.Code.ShouldBe("memory_full");
        refused.Sentence.ShouldContain("host2");
        refused.Sentence.ShouldContain("--checkpoint-memory-mib");
    }

    [Fact]
    public async Task Begin_OwnMemoryFull_IsRefused()
    {
        await using var host = await HostUnderTest.StartAsync(1, "--checkpoint-memory-mib", "1");
        await LaunchAsync(host, null, attempt: 1);
        Directory.CreateDirectory(Path.Combine(host.Memory, "checkpoints"));
        await File.WriteAllBytesAsync(Path.Combine(host.Memory, "checkpoints/other"), new byte[1 << 20]);
        using var training = new TrainingClient(host);

        var reply = await training.BeginAsync(step: 10);

        reply.Directory.ShouldBeEmpty();
        reply.RefusalCode.ShouldBe("memory_full");
    }

    [Fact]
    public async Task Resume_ShardsHostIsGone_ComesFromTheOther()
    {
        await using var partner = await HostUnderTest.StartAsync(2);
        CheckpointManifest manifest;
        await using (var lost = await HostUnderTest.StartAsync(1))
            manifest = ManifestOf(await ReplicatedAsync(lost, partner));
        await using var replacement = await HostUnderTest.StartAsync(3);
        replacement.Order(Launch(replacement, partner.Holder, manifest), attempt: 2);
        await replacement.StartedAsync(attempt: 2);
        using var training = new TrainingClient(replacement);

        var resumed = await training.ResumeAsync(rank: 0, attempt: 2);

        File.ReadAllText(Path.Combine(resumed.Path, "model")).ShouldBe(Weights);
        resumed.Path.ShouldStartWith(replacement.Memory);
        var held = await replacement.NewsAsync("the new holder", news => news.ShardStored);
        held.Shard.Holders.ShouldBe([replacement.Holder, partner.Holder]);
        held.Attempt.ShouldBe(1u);
    }

    [Fact]
    public async Task Resume_BitFlippedInOwnMemory_IsHealedFromTheOther()
    {
        await using var partner = await HostUnderTest.StartAsync(2);
        await using var host = await HostUnderTest.StartAsync(1);
        var stored = await ReplicatedAsync(host, partner);
        File.WriteAllText(FileOf(host, stored.Shard), "weighty");
        host.Order(Launch(host, partner.Holder, ManifestOf(stored)), attempt: 2);
        await host.StartedAsync(attempt: 2);
        using var training = new TrainingClient(host);

        var resumed = await training.ResumeAsync(rank: 0, attempt: 2);

        File.ReadAllText(Path.Combine(resumed.Path, "model")).ShouldBe(Weights);
    }

    [Fact]
    public async Task Resume_NoGoodCopyInAnyTier_IsToldAndTheRankIsRefused()
    {
        await using var partner = await HostUnderTest.StartAsync(2);
        await using var host = await HostUnderTest.StartAsync(1);
        var stored = await ReplicatedAsync(host, partner);
        File.WriteAllText(FileOf(host, stored.Shard), "weighty");
        File.WriteAllText(FileOf(partner, stored.Shard), "weighty");
        host.Order(Launch(host, partner.Holder, ManifestOf(stored)), attempt: 2);
        await host.StartedAsync(attempt: 2);
        using var training = new TrainingClient(host);

        var refusal = await Should.ThrowAsync<RpcException>(() => training.ResumeAsync(rank: 0, attempt: 2));

        refusal.StatusCode.ShouldBe(StatusCode.DataLoss);
        var failed = await host.NewsAsync("the fault", news => news.RestoreFailed);
        (failed.Attempt, failed.Step, failed.CheckpointAttempt).ShouldBe((2u, 10ul, 1u));
        failed.Fault.Sentence.ShouldContain("from host2");
    }

    [Fact]
    public async Task Retain_NamesOneForTheStore_BringsItThereAlsoOverARestart()
    {
        await using var host = await HostUnderTest.StartAsync(1);
        var stored = await SaveAsync(host, partner: null);
        await host.Agent.KillAsync();
        var from = host.Gateway.Received.Count;
        await host.StartAgentAsync();
        host.Order(Retain(host, stored));

        var durable = await host.NewsAsync(
            "in the store", news => news.ShardStored is { Shard.IsDurable: true } told ? told : null, from);

        durable.Step.ShouldBe(10u);
        File.ReadAllText(Path.Combine(host.Store, HostUnderTest.Job, stored.Shard.Path, "model")).ShouldBe(Weights);
    }

    [Fact]
    public async Task Upload_BitFlippedInMemory_NeverReachesTheStore()
    {
        await using var host = await HostUnderTest.StartAsync(1);
        var stored = await SaveAsync(host, partner: null);
        File.WriteAllText(FileOf(host, stored.Shard), "weighty");

        host.Order(Retain(host, stored));

        var damage = await host.NewsAsync("the damage", news => news.ShardStored?.Shard.Damage);
        damage.Code.ShouldBe("shard_hash_differs");
        Directory.Exists(Path.Combine(host.Store, HostUnderTest.Job, stored.Shard.Path)).ShouldBeFalse();
    }

    [Fact]
    public async Task Upload_BitFlippedInMemory_IsHealedFromTheOtherHostFirst()
    {
        await using var partner = await HostUnderTest.StartAsync(2);
        await using var host = await HostUnderTest.StartAsync(1);
        var stored = await ReplicatedAsync(host, partner);
        File.WriteAllText(FileOf(host, stored.Shard), "weighty");

        host.Order(Retain(host, stored));

        await host.NewsAsync("in the store", news => news.ShardStored is { Shard.IsDurable: true } told ? told : null);
        File.ReadAllText(Path.Combine(host.Store, HostUnderTest.Job, stored.Shard.Path, "model")).ShouldBe(Weights);
    }

    [Fact]
    public async Task Upload_BothCopiesDamaged_SaysWhatIsWrongWithEach()
    {
        await using var partner = await HostUnderTest.StartAsync(2);
        await using var host = await HostUnderTest.StartAsync(1);
        var stored = await ReplicatedAsync(host, partner);
        File.WriteAllText(FileOf(host, stored.Shard), "weighty");
        File.WriteAllText(FileOf(partner, stored.Shard), "weighed");

        host.Order(Retain(host, stored));

        var damage = await host.NewsAsync("the damage", news => news.ShardStored?.Shard.Damage);
        damage.Sentence.ShouldContain("from host2");
    }

    [Fact]
    public async Task Resume_MemoryIsGone_ComesFromTheStore()
    {
        await using var host = await HostUnderTest.StartAsync(1);
        var stored = await SaveAsync(host, partner: null);
        host.Order(Retain(host, stored));
        var durable = await host.NewsAsync(
            "in the store", news => news.ShardStored is { Shard.IsDurable: true } told ? told : null);
        Directory.Delete(Path.Combine(host.Memory, "checkpoints"), recursive: true);
        host.Order(Launch(host, null, ManifestOf(durable)), attempt: 2);
        await host.StartedAsync(attempt: 2);
        using var training = new TrainingClient(host);

        var resumed = await training.ResumeAsync(rank: 0, attempt: 2);

        File.ReadAllText(Path.Combine(resumed.Path, "model")).ShouldBe(Weights);
        resumed.Path.ShouldStartWith(host.Memory);
    }

    private static async Task<ShardStored> ReplicatedAsync(HostUnderTest host, HostUnderTest partner)
    {
        await SaveAsync(host, partner.Holder);
        return await host.NewsAsync(
            "a second copy", news => news.ShardStored is { Shard.Holders.Count: 2 } stored ? stored : null);
    }

    private static async Task<ShardStored> SaveAsync(HostUnderTest host, Peer? partner)
    {
        await LaunchAsync(host, partner, attempt: 1);
        using var training = new TrainingClient(host);
        var opened = await training.BeginAsync(step: 10);
        opened.Refusal.ShouldBeEmpty();
        await File.WriteAllTextAsync(Path.Combine(opened.Directory, "model"), Weights);
        (await training.CommitAsync(step: 10, opened.Directory)).Refusal.ShouldBeEmpty();
        return await host.NewsAsync("shard stored", news => news.ShardStored);
    }

    private static async Task LaunchAsync(HostUnderTest host, Peer? partner, uint attempt)
    {
        host.Order(Launch(host, partner, null), attempt);
        await host.StartedAsync(attempt: attempt);
    }

    private static Command Launch(HostUnderTest host, Peer? partner, CheckpointManifest? resume)
    {
        var command = host.Launch("exec sleep 300");
        command.Launch.KeepsInMemory = true;
        command.Launch.ReplicaHolder = partner;
        command.Launch.Resume = resume;
        return command;
    }

    private static Command Retain(HostUnderTest host, ShardStored stored) => new()
    {
        Retain = new Retain
        {
            Store = host.Store,
            Manifests = { ManifestOf(stored) },
            Upload = new CheckpointId { Step = stored.Step, Attempt = stored.Attempt },
        },
    };

    private static CheckpointManifest ManifestOf(ShardStored stored) => new()
    {
        JobId = stored.JobId,
        Step = stored.Step,
        Attempt = stored.Attempt,
        Shards = { stored.Shard },
    };

    private static string FileOf(HostUnderTest host, Shard shard) =>
        Path.Combine(host.Memory, "checkpoints", HostUnderTest.Job, shard.Path, "model");
}
