using System.IO.Hashing;

namespace Orchestrator.Checkpoints.Tests;

public sealed class FolderCheckpointStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;
    private readonly FolderCheckpointStore _store;

    public FolderCheckpointStoreTests() => _store = new FolderCheckpointStore(_root);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Begin_SameWriterTwice_GivesTwoDirectories()
    {
        var writer = new ShardWriter("job", 10, 2, 3);

        var first = _store.Begin(writer);
        var second = _store.Begin(writer);

        first.ShouldStartWith($"{_root}/job/step-00000010/attempt-2/rank-3-");
        second.ShouldNotBe(first);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    public void Begin_JobIsNoSegment_Throws(string job) =>
        Should.Throw<ArgumentException>(() => _store.Begin(new ShardWriter(job, 1, 1, 0)));

    [Fact]
    public async Task Verify_SealedShards_FindsNoFault()
    {
        var checkpoint = await SaveAsync(10, ("a.bin", "one"), ("sub/b.bin", "two"));

        (await _store.VerifyAsync(checkpoint, Cancel)).ShouldBeNull();
        checkpoint.Shards[0].Files.Select(file => file.Name).ShouldBe(["a.bin", "sub/b.bin"]);
        checkpoint.Shards[0].Files[0].Sha256.ShouldBe(
            "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed");
        checkpoint.Shards[0].Files[0].Xxh128.ShouldBe(Convert.ToHexStringLower(XxHash128.Hash("one"u8)));
    }

    [Fact]
    public async Task Verify_ManifestWithoutTheFastHash_ComparesTheOther()
    {
        var checkpoint = await SaveAsync(10, ("a.bin", "one"));
        var shard = checkpoint.Shards[0];
        checkpoint = checkpoint with
        {
            Shards = [shard with { Files = [shard.Files[0] with { Xxh128 = "" }] }],
        };
        (await _store.VerifyAsync(checkpoint, Cancel)).ShouldBeNull();

        await File.WriteAllTextAsync(Path.Combine(_store.PathOf("job", shard.Path), "a.bin"), "eno", Cancel);

        (await _store.VerifyAsync(checkpoint, Cancel)).ShouldNotBeNull().Sentence.ShouldContain("SHA-256");
    }

    [Theory]
    [InlineData("otherwise", "shard_size_differs")]
    [InlineData("eno", "shard_hash_differs")]
    [InlineData(null, "shard_missing")]
    public async Task Verify_FileChanged_NamesFaultAndFile(string? content, string code)
    {
        var checkpoint = await SaveAsync(10, ("a.bin", "one"));
        var path = Path.Combine(_store.PathOf("job", checkpoint.Shards[0].Path), "a.bin");
        File.Delete(path);
        if (content is not null)
            File.WriteAllText(path, content);

        var fault = await _store.VerifyAsync(checkpoint, Cancel);

        fault.ShouldNotBeNull().Code.ShouldBe(code);
        fault.Sentence.ShouldContain(path);
    }

    [Fact]
    public async Task Verify_ManifestLeavesItsJob_IsRefused()
    {
        var file = new StoredFile("../../../job2/secret", 1, "");
        var checkpoint = new StoredCheckpoint("job", 1, 1, [new StoredShard(0, "step-00000001", [file])]);

        (await _store.VerifyAsync(checkpoint, Cancel)).ShouldNotBeNull().Code.ShouldBe("manifest_path_outside");
    }

    [Fact]
    public async Task Seal_NothingWritten_IsRefused()
    {
        var writer = new ShardWriter("job", 1, 1, 0);

        var result = await _store.SealAsync(writer, _store.Begin(writer), Cancel);

        result.Fault.ShouldNotBeNull().Code.ShouldBe("shard_empty");
    }

    [Fact]
    public async Task Seal_LinkInside_IsRefused()
    {
        var writer = new ShardWriter("job", 1, 1, 0);
        var directory = _store.Begin(writer);
        File.CreateSymbolicLink(Path.Combine(directory, "link"), "/etc/hostname");

        (await _store.SealAsync(writer, directory, Cancel)).Fault.ShouldNotBeNull().Code.ShouldBe("shard_has_link");
    }

    [Fact]
    public async Task Seal_DirectoryOfAnotherRank_IsRefused()
    {
        var directory = _store.Begin(new ShardWriter("job", 1, 1, 0));

        var result = await _store.SealAsync(new ShardWriter("job", 1, 1, 1), directory, Cancel);

        result.Fault.ShouldNotBeNull().Code.ShouldBe("not_a_shard_directory");
    }

    [Fact]
    public async Task Seal_FileInaccessible_IsRefusedAndNotThrown()
    {
        var writer = new ShardWriter("job", 1, 1, 0);
        var directory = _store.Begin(writer);
        Directory.Delete(directory);

        (await _store.SealAsync(writer, directory, Cancel)).Fault.ShouldNotBeNull().Code.ShouldBe("shard_unreadable");
    }

    [Fact]
    public async Task Retain_NewestListed_DeletesOnlyOlderUnlistedShards()
    {
        var listedOld = await SaveAsync(5, ("a", "1"));
        var old = await SaveAsync(7, ("a", "1"));
        var newest = await SaveAsync(10, ("a", "1"));
        var unlistedSameStep = await SaveAsync(10, ("a", "1"));
        var newer = await SaveAsync(12, ("a", "1"));

        _store.Retain("job", 1, [newest, listedOld]).ShouldBe(1);

        Exists(old).ShouldBeFalse();
        new[] { listedOld, newest, unlistedSameStep, newer }.ShouldAllBe(checkpoint => Exists(checkpoint));
        Directory.Exists(Path.Combine(_root, "job", "step-00000007")).ShouldBeFalse();
    }

    [Fact]
    public async Task Retain_LateOrderOfAnEarlierAttempt_LeavesWhatALaterOneWrote()
    {
        var newest = await SaveAsync(30, ("a", "1"));
        var later = await SaveByAsync(2, 20, ("a", "1"));

        _store.Retain("job", 1, [newest]).ShouldBe(0);

        Exists(later).ShouldBeTrue();
        _store.Retain("job", 2, [newest]).ShouldBe(1);
    }

    [Theory]
    [InlineData("extra.bin")]
    [InlineData("sub/extra.bin")]
    public async Task Verify_FileThatIsNotInTheManifest_IsNamed(string name)
    {
        var checkpoint = await SaveAsync(10, ("a.bin", "one"), ("sub/b.bin", "two"));
        var path = Path.Combine(_store.PathOf("job", checkpoint.Shards[0].Path), name);
        File.WriteAllText(path, "three");

        var fault = (await _store.VerifyAsync(checkpoint, Cancel)).ShouldNotBeNull();

        fault.Code.ShouldBe("shard_has_stranger");
        fault.Sentence.ShouldContain(path);
    }

    [Fact]
    public async Task Verify_LinkToAFolderElsewhere_IsNamedAndNotFollowed()
    {
        var checkpoint = await SaveAsync(10, ("a.bin", "one"));
        var link = Path.Combine(_store.PathOf("job", checkpoint.Shards[0].Path), "link");
        Directory.CreateSymbolicLink(link, _root);

        (await _store.VerifyAsync(checkpoint, Cancel)).ShouldNotBeNull().Sentence.ShouldContain(link);
    }

    [Fact]
    public async Task Verify_ManifestListsNoFileOfAShard_IsRefused()
    {
        var checkpoint = await SaveAsync(10, ("a.bin", "one"));
        var bare = checkpoint with { Shards = [checkpoint.Shards[0] with { Files = [] }] };

        (await _store.VerifyAsync(bare, Cancel)).ShouldNotBeNull().Code.ShouldBe("manifest_empty");
    }

    [Fact]
    public async Task Retain_NothingListed_DeletesNothing()
    {
        var only = await SaveAsync(5, ("a", "1"));

        _store.Retain("job", 1, []).ShouldBe(0);

        Exists(only).ShouldBeTrue();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private bool Exists(StoredCheckpoint checkpoint) =>
        Directory.Exists(_store.PathOf("job", checkpoint.Shards[0].Path));

    private Task<StoredCheckpoint> SaveAsync(long step, params (string Name, string Content)[] files) =>
        SaveByAsync(1, step, files);

    private async Task<StoredCheckpoint> SaveByAsync(
        int attempt, long step, params (string Name, string Content)[] files)
    {
        var writer = new ShardWriter("job", step, attempt, 0);
        var directory = _store.Begin(writer);
        foreach (var (name, content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(directory, name))!);
            await File.WriteAllTextAsync(Path.Combine(directory, name), content);
        }

        var result = await _store.SealAsync(writer, directory);
        return new StoredCheckpoint("job", step, attempt, [result.Shard.ShouldNotBeNull()]);
    }
}
