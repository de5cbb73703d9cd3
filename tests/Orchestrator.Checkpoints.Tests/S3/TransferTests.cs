using Orchestrator.Checkpoints.S3;
using Orchestrator.Testing;

namespace Orchestrator.Checkpoints.Tests.S3;

/// <summary>Shards to the real Ceph and back.</summary>
public sealed class TransferTests(CephServer ceph) : IAsyncLifetime
{
    private const int Part = S3StoreOptions.LeastPartBytes;
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

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Part)]
    [InlineData(Part + 1)]
    [InlineData((4 * Part) + 12345)]
    public async Task Shard_UpAndDown_IsTheSame(int bytes)
    {
        var (shard, directory) = await _bucket.MakeShardAsync(10, 1, ("weights.bin", bytes), ("sub/ä +%&?.bin", 100));

        (await UploadAsync(shard, directory)).ShouldBeNull();

        (await _store.ReadBackAsync(Bucket.Job, shard)).ShouldBeNull();
        var target = _bucket.PathOf("target");
        (await _store.DownloadShardAsync(Bucket.Job, shard, target)).ShouldBeNull();
        Bucket.ShouldBeSame(shard, directory, target);
        (await _bucket.KeysAsync()).ShouldContain($"job/{shard.Path}/weights.bin");
        (await _bucket.CountUploadsAsync()).ShouldBe(0);
        File.Exists(Record).ShouldBeFalse();
    }

    [Theory]
    [InlineData("flipped", "shard_hash_differs")]
    [InlineData("shorter", "shard_size_differs")]
    [InlineData("longer", "shard_size_differs")]
    [InlineData("empty", "shard_size_differs")]
    [InlineData("gone", "shard_missing")]
    public async Task Object_ThatIsNotWhatItWas_IsNamedAndLeavesNothing(string how, string code)
    {
        var (shard, directory) = await _bucket.MakeShardAsync(10, 1, ("a.bin", Part + 7), ("b.bin", 5));
        (await UploadAsync(shard, directory)).ShouldBeNull();
        await SpoilAsync(_bucket.KeyOf(shard, "a.bin"), Path.Combine(directory, "a.bin"), how);

        var readBack = (await _store.ReadBackAsync(Bucket.Job, shard)).ShouldNotBeNull();
        var download = (await _store.DownloadShardAsync(
            Bucket.Job, shard, _bucket.PathOf("target"))).ShouldNotBeNull();

        readBack.Code.ShouldBe(code);
        readBack.Sentence.ShouldContain("a.bin");
        download.Code.ShouldBe(code);
        download.Sentence.ShouldContain("a.bin");
        Directory.Exists(_bucket.PathOf("target")).ShouldBeFalse();
        Directory.Exists(_bucket.PathOf("target.incoming")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("../x", "a")]
    [InlineData("step-00000001", "../../../job2/secret")]
    public async Task Manifest_ThatLeavesItsJob_IsRefused(string path, string name)
    {
        var shard = new StoredShard(0, path, [new StoredFile(name, 1, "")]);

        (await UploadAsync(shard, "/tmp")).ShouldNotBeNull().Code.ShouldBe("manifest_path_outside");
        (await _store.ReadBackAsync(Bucket.Job, shard)).ShouldNotBeNull().Code.ShouldBe("manifest_path_outside");
        (await _store.DownloadShardAsync(Bucket.Job, shard, _bucket.PathOf("target")))
            .ShouldNotBeNull().Code.ShouldBe("manifest_path_outside");
    }

    [Fact]
    public async Task Upload_FileMissingOrOfAnotherSize_IsNamed()
    {
        var (shard, directory) = await _bucket.MakeShardAsync(10, 1, ("a.bin", 5));
        await File.WriteAllTextAsync(Path.Combine(directory, "a.bin"), "four");
        (await UploadAsync(shard, directory)).ShouldNotBeNull().Code.ShouldBe("shard_size_differs");

        File.Delete(Path.Combine(directory, "a.bin"));
        (await UploadAsync(shard, directory)).ShouldNotBeNull().Code.ShouldBe("shard_missing");
    }

    [Fact]
    public async Task Download_IntoADirectoryWithFiles_IsRefused()
    {
        var (shard, directory) = await _bucket.MakeShardAsync(10, 1, ("a.bin", 5));

        (await _store.DownloadShardAsync(Bucket.Job, shard, directory))
            .ShouldNotBeNull().Code.ShouldBe("target_not_empty");

        File.Exists(Path.Combine(directory, "a.bin")).ShouldBeTrue();
    }

    [Fact]
    public async Task Download_WithoutRoom_IsRefusedAtOnce()
    {
        var shard = new StoredShard(0, "step-00000001", [new StoredFile("a.bin", 1L << 60, "")]);

        (await _store.DownloadShardAsync(Bucket.Job, shard, _bucket.PathOf("target")))
            .ShouldNotBeNull().Code.ShouldBe("target_full");

        Directory.Exists(_bucket.PathOf("target.incoming")).ShouldBeFalse();
    }

    [Fact]
    public async Task Download_AfterACrashInTheMiddle_StartsClean()
    {
        var (shard, directory) = await _bucket.MakeShardAsync(10, 1, ("a.bin", 5));
        (await UploadAsync(shard, directory)).ShouldBeNull();
        Directory.CreateDirectory(_bucket.PathOf("target"));
        Directory.CreateDirectory(_bucket.PathOf("target.incoming"));
        await File.WriteAllTextAsync(_bucket.PathOf("target.incoming/a.bin"), "half");

        (await _store.DownloadShardAsync(Bucket.Job, shard, _bucket.PathOf("target"))).ShouldBeNull();

        Bucket.ShouldBeSame(shard, directory, _bucket.PathOf("target"));
    }

    private string Record => _bucket.PathOf("upload.record");

    private Task<CheckpointFault?> UploadAsync(StoredShard shard, string directory) =>
        _store.UploadShardAsync(Bucket.Job, shard, directory, Record);

    private async Task SpoilAsync(string key, string path, string how)
    {
        var content = await File.ReadAllBytesAsync(path);
        content[Part / 2] ^= 1;
        var spoiled = how switch
        {
            "flipped" => content,
            "shorter" => content[..^1],
            "longer" => [.. content, 0],
            _ => [],
        };
        if (how == "gone")
        {
            await _bucket.Client.DeleteObjectAsync(_bucket.Options.Bucket, key);
            return;
        }

        using var body = new MemoryStream(spoiled);
        await _bucket.Client.PutObjectAsync(
            new() { BucketName = _bucket.Options.Bucket, Key = key, InputStream = body, UseChunkEncoding = false });
    }
}
