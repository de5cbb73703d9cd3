using System.Globalization;
using System.Text.Json;
using Orchestrator.Checkpoints.Durable;
using Orchestrator.Checkpoints.S3;
using Orchestrator.Testing;

namespace Orchestrator.Checkpoints.Tests.S3;

/// <summary>Manifests and garbage collection in the real Ceph.</summary>
public sealed class CatalogueTests(CephServer ceph) : IAsyncLifetime
{
    private Bucket _bucket = null!;
    private S3CheckpointStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _bucket = await Bucket.CreateAsync(ceph);
        _store = _bucket.Open();
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        _bucket.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Manifests_PutAndListed_AreTheSame()
    {
        var second = new StoredCheckpoint("job", 20, 1, [new StoredShard(3, "p", [new StoredFile("a/b", 7, "00ff")])]);
        var first = new StoredCheckpoint("job", 10, 2, [new StoredShard(0, "p", [])]);
        (await _store.PutManifestAsync(second)).ShouldBeNull();
        (await _store.PutManifestAsync(first)).ShouldBeNull();
        (await _store.PutManifestAsync(first with { JobId = "job2" })).ShouldBeNull();

        var (found, fault) = await _store.ListManifestsAsync("job");

        fault.ShouldBeNull();
        JsonSerializer.Serialize(found).ShouldBe(JsonSerializer.Serialize(new[] { first, second }));
        (await _bucket.KeysAsync()).ShouldContain("job/manifests/step-00000010-attempt-2.json");
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("null")]
    [InlineData("""{"job_id":"job","step":1}""")]
    public async Task Manifests_OneUnreadable_IsNamedAndTheOthersAreThere(string content)
    {
        var checkpoint = new StoredCheckpoint("job", 10, 2, []);
        await _store.PutManifestAsync(checkpoint);
        await _bucket.Client.PutObjectAsync(new()
        {
            BucketName = _bucket.Options.Bucket,
            Key = "team/a/job/manifests/step-00000011-attempt-1.json",
            ContentBody = content,
            UseChunkEncoding = false,
        });

        var (found, fault) = await _store.ListManifestsAsync("job");

        fault.ShouldNotBeNull().Code.ShouldBe("manifest_unreadable");
        fault.Sentence.ShouldContain("step-00000011");
        found.ShouldNotBeNull().Single().Step.ShouldBe(10);
    }

    [Fact]
    public async Task Collect_NewestListed_DeletesOnlyOlderUnlistedShardsAndManifests()
    {
        var listedOld = await SaveAsync(1, 5);
        var old = await SaveAsync(1, 7);
        var newest = await SaveAsync(1, 10);
        var unlistedSameStep = await SaveAsync(1, 10);
        var newer = await SaveAsync(1, 12);
        var later = await SaveAsync(2, 6);
        await _bucket.Client.PutObjectAsync(new()
        {
            BucketName = _bucket.Options.Bucket,
            Key = "team/a/job/step-notes/attempt-1/a/b",
            ContentBody = "no checkpoint",
            UseChunkEncoding = false,
        });

        var (deleted, fault) = await _store.CollectAsync("job", 1, [newest, listedOld]);

        fault.ShouldBeNull();
        deleted.ShouldBe(1);
        var keys = await _bucket.KeysAsync();
        keys.Any(key => key.Contains(old.Shards[0].Path, StringComparison.Ordinal)).ShouldBeFalse();
        foreach (var kept in new[] { listedOld, newest, unlistedSameStep, newer, later })
            keys.Count(key => key.Contains(kept.Shards[0].Path, StringComparison.Ordinal)).ShouldBe(2);
        keys.ShouldContain("job/step-notes/attempt-1/a/b");
        var (manifests, _) = await _store.ListManifestsAsync("job");
        manifests.ShouldNotBeNull().Select(manifest => manifest.Step).ShouldBe([5, 6, 10, 12]);
        (await _store.CollectAsync("job", 2, [newest, listedOld])).Value.ShouldBe(1);
    }

    [Fact]
    public async Task Collect_NothingListed_DeletesNothing()
    {
        await SaveAsync(1, 5);

        (await _store.CollectAsync("job", 1, [])).ShouldBe(new StoreAnswer<int>(0, null));

        (await _bucket.KeysAsync()).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Collect_MoreThanAPage_DeletesAll()
    {
        const int Many = 12;
        var files = Enumerable.Range(0, Many)
            .Select(number => (number.ToString(CultureInfo.InvariantCulture), 1)).ToArray();
        var (shard, directory) = await _bucket.MakeShardAsync(5, 1, files);
        (await _store.UploadShardAsync("job", shard, directory, _bucket.PathOf("record"))).ShouldBeNull();
        var newest = await SaveAsync(1, 10);

        using var store = new S3CheckpointStore(_bucket.Options, null, Bucket.Surroundings with { PageKeys = 5 });
        (await store.CollectAsync("job", 1, [newest])).ShouldBe(new StoreAnswer<int>(1, null));

        (await _bucket.KeysAsync()).Length.ShouldBe(3);
    }

    private async Task<StoredCheckpoint> SaveAsync(int attempt, long step)
    {
        var (shard, directory) = await _bucket.MakeShardAsync(step, attempt, ("a", 1), ("b", 2));
        (await _store.UploadShardAsync("job", shard, directory, _bucket.PathOf("record"))).ShouldBeNull();
        var checkpoint = new StoredCheckpoint("job", step, attempt, [shard]);
        (await _store.PutManifestAsync(checkpoint)).ShouldBeNull();
        return checkpoint;
    }
}
