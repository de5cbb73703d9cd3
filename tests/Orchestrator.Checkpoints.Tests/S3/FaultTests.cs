using System.IO.Hashing;
using Microsoft.AspNetCore.Http;
using Orchestrator.Checkpoints.Durable;
using Orchestrator.Checkpoints.S3;
using Orchestrator.Testing;

namespace Orchestrator.Checkpoints.Tests.S3;

/// <summary>Transfers on a way where things go wrong, between this store and the real Ceph.</summary>
public sealed class FaultTests(CephServer ceph) : IAsyncLifetime
{
    private const int Part = S3StoreOptions.LeastPartBytes;
    private Bucket _bucket = null!;
    private FaultProxy _proxy = null!;
    private S3CheckpointStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _bucket = await Bucket.CreateAsync(ceph);
        _proxy = await FaultProxy.StartAsync(_bucket.Options.Endpoint!);
        _store = _bucket.Open(_proxy.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        await _proxy.DisposeAsync();
        _bucket.Dispose();
    }

    [Fact]
    public async Task EveryThirdRequest_MeetsAFault_TransfersEndRight()
    {
        var random = new Random(7);
        Fault[] kinds =
        [
            Fault.Refused, Fault.AnswerLost, Fault.RequestCut, Fault.AnswerCut,
        ];
        _proxy.Choose = (number, _) => number % 3 == 0 ? kinds[Pick(random, kinds.Length)] : Fault.None;
        var (shard, directory) = await _bucket.MakeShardAsync(10, 1, ("a.bin", (4 * Part) + 9), ("b.bin", 500));

        (await UploadAsync(shard, directory)).ShouldBeNull();
        (await _store.ReadBackAsync(Bucket.Job, shard)).ShouldBeNull();
        (await _store.DownloadShardAsync(Bucket.Job, shard, _bucket.PathOf("target"))).ShouldBeNull();

        _proxy.Faults.ShouldBeGreaterThan(5);
        Bucket.ShouldBeSame(shard, directory, _bucket.PathOf("target"));
    }

    [Theory]
    [InlineData(S3Checksum.Signature)]
    [InlineData(S3Checksum.Md5)]
    public async Task Upload_BitsFlippedOnTheWay_AreRefusedAndSentAgain(S3Checksum checksum)
    {
        using var store = new S3CheckpointStore(
            _bucket.Options with { Endpoint = _proxy.Address, Checksum = checksum }, null, Bucket.Surroundings);
        var flips = 0;
        _proxy.Choose = (_, request) => request.Method == "PUT" && Interlocked.Increment(ref flips) % 2 == 1
            ? Fault.RequestFlipped : Fault.None;
        var (shard, directory) = await _bucket.MakeShardAsync(10, 1, ("a.bin", (2 * Part) + 9), ("b.bin", 500));

        (await store.UploadShardAsync(Bucket.Job, shard, directory, Record)).ShouldBeNull();

        _proxy.Faults.ShouldBeGreaterThan(1);
        (await _store.ReadBackAsync(Bucket.Job, shard)).ShouldBeNull();
    }

    [Fact]
    public async Task Download_BitFlippedOnce_IsReadAgain()
    {
        var (shard, directory) = await _bucket.MakeShardAsync(10, 1, ("a.bin", Part + 9));
        (await UploadAsync(shard, directory)).ShouldBeNull();
        var reads = 0;
        _proxy.Choose = (_, request) => request.Method == "GET" && Interlocked.Increment(ref reads) == 1
            ? Fault.AnswerFlipped : Fault.None;

        (await _store.DownloadShardAsync(Bucket.Job, shard, _bucket.PathOf("target"))).ShouldBeNull();

        Bucket.ShouldBeSame(shard, directory, _bucket.PathOf("target"));
    }

    [Fact]
    public async Task Download_BitsFlippedAlways_IsAFaultAndLeavesNothing()
    {
        var (shard, directory) = await _bucket.MakeShardAsync(10, 1, ("a.bin", Part + 9));
        (await UploadAsync(shard, directory)).ShouldBeNull();
        _proxy.Choose = (_, _) => Fault.AnswerFlipped;

        (await _store.DownloadShardAsync(Bucket.Job, shard, _bucket.PathOf("target")))
            .ShouldNotBeNull().Code.ShouldBe("shard_hash_differs");

        Directory.EnumerateFileSystemEntries(_bucket.PathOf("."))
            .Where(path => path.Contains("target", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Refused", "store_failing")]
    [InlineData("RequestCut", "store_unreachable")]
    public async Task StoreThatNeverAnswers_IsAFaultThatNamesIt(string fault, string code)
    {
        var (shard, directory) = await _bucket.MakeShardAsync(10, 1, ("a.bin", Part + 9), ("b.bin", 1));
        _proxy.Choose = (_, _) => Enum.Parse<Fault>(fault);

        CheckpointFault?[] faults =
        [
            await UploadAsync(shard, directory),
            await _store.ReadBackAsync(Bucket.Job, shard),
            await _store.DownloadShardAsync(Bucket.Job, shard, _bucket.PathOf("target")),
            await _store.PutManifestAsync(new StoredCheckpoint(Bucket.Job, 10, 1, [shard])),
            (await _store.ListManifestsAsync(Bucket.Job)).Fault,
            (await _store.CollectAsync(Bucket.Job, 1, [new StoredCheckpoint(Bucket.Job, 10, 1, [shard])])).Fault,
        ];

        faults.ShouldAllBe(found => found != null && found.Code == code
            && found.Sentence.Contains(_proxy.Address.Authority, StringComparison.Ordinal)
            && found.Sentence.Contains("after 6 tries", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Upload_Cancelled_GoesOnWithTheMissingParts()
    {
        const int Parts = 8;
        var (shard, directory) = await _bucket.MakeShardAsync(
            10, 1, ("a.bin", 9), ("b.bin", (Parts * Part) - 5));
        // One at a time, so that it is known which parts are there.
        using var first = new S3CheckpointStore(
            _bucket.Options with { Endpoint = _proxy.Address, Concurrency = 1 }, null, Bucket.Surroundings);
        using var cancel = new CancellationTokenSource();
        var sent = 0;
        _proxy.Choose = (_, request) =>
        {
            if (!IsPart(request) || Interlocked.Increment(ref sent) <= 3)
                return Fault.None;
            cancel.Cancel();
            return Fault.RequestCut;
        };
        await Should.ThrowAsync<OperationCanceledException>(
            first.UploadShardAsync(Bucket.Job, shard, directory, Record, cancel.Token));
        var stored = await StoredPartsAsync(shard);
        stored.Length.ShouldBe(3);
        _proxy.Seen.Clear();
        _proxy.Choose = (_, _) => Fault.None;

        using var another = _bucket.Open(_proxy.Address);
        (await another.UploadShardAsync(Bucket.Job, shard, directory, Record)).ShouldBeNull();

        var parts = _proxy.Seen.Where(line => line.StartsWith("PUT", StringComparison.Ordinal)).Select(line =>
            line.Split("partNumber=")[^1].Split('&')[0]).Order(StringComparer.Ordinal);
        parts.ShouldBe(Enumerable.Range(1, Parts).Except(stored).Select(number => $"{number}"));
        (await another.ReadBackAsync(Bucket.Job, shard)).ShouldBeNull();
        File.Exists(Record).ShouldBeFalse();
    }

    [Fact]
    public async Task Upload_AbortedBySomebody_BeginsAnew()
    {
        var (shard, directory) = await _bucket.MakeShardAsync(10, 1, ("a.bin", (2 * Part) + 1));
        _proxy.Choose = (_, request) => IsPart(request) ? Fault.RequestCut : Fault.None;
        (await UploadAsync(shard, directory)).ShouldNotBeNull().Code.ShouldBe("store_unreachable");
        _proxy.Choose = (_, _) => Fault.None;
        (await CollectBelowAsync(20)).Fault.ShouldBeNull();
        (await _bucket.CountUploadsAsync()).ShouldBe(0);

        (await UploadAsync(shard, directory)).ShouldBeNull();

        (await _store.ReadBackAsync(Bucket.Job, shard)).ShouldBeNull();
    }

    [Fact]
    public async Task Upload_RecordCutOffByACrash_GoesOnWithTheRest()
    {
        var (shard, directory) = await _bucket.MakeShardAsync(10, 1, ("a.bin", (2 * Part) + 1), ("b.bin", 2));
        _proxy.Choose = (_, request) => IsPart(request) ? Fault.RequestCut : Fault.None;
        (await UploadAsync(shard, directory)).ShouldNotBeNull();
        await File.AppendAllTextAsync(Record, "{\"Key\":\"te");
        _proxy.Choose = (_, _) => Fault.None;

        (await UploadAsync(shard, directory)).ShouldBeNull();

        (await _bucket.CountUploadsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Collect_EndsUploadsOfWhatIsNotKept()
    {
        string[] open = ["team/a/job/step-00000010/attempt-1/rank-0-ab/state", "team/a/job2/step-1/attempt-1/r/state"];
        const string Forgotten = "team/a/job/step-00000009/attempt-1/rank-0-cd/state";
        foreach (var key in open.Append(Forgotten))
            await _bucket.Client.InitiateMultipartUploadAsync(_bucket.Options.Bucket, key);

        (await CollectBelowAsync(10)).Fault.ShouldBeNull();

        var left = await _bucket.Client.ListMultipartUploadsAsync(_bucket.Options.Bucket);
        left.MultipartUploads.Select(upload => upload.Key).ShouldBe(open, ignoreOrder: true);
    }

    [Fact]
    public async Task Collect_DeletesInBatches()
    {
        var (shard, directory) = await _bucket.MakeShardAsync(5, 1, ("a.bin", 1), ("b.bin", 2));
        (await UploadAsync(shard, directory)).ShouldBeNull();

        (await CollectBelowAsync(10)).ShouldBe(new StoreAnswer<int>(1, null));

        (await _bucket.KeysAsync()).ShouldBeEmpty();
        _proxy.Seen.ShouldNotContain(line => line.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Collect_StoreWithoutBatches_DeletesOneByOne()
    {
        var (shard, directory) = await _bucket.MakeShardAsync(5, 1, ("a.bin", 1), ("b.bin", 2));
        (await UploadAsync(shard, directory)).ShouldBeNull();
        _proxy.Answer = (context, _) => context.Request.Query.ContainsKey("delete")
            ? FaultProxy.AnswerErrorAsync(context, 400, "MissingContentMD5") : Task.FromResult(false);

        (await _store.CollectAsync(Bucket.Job, 1, [new StoredCheckpoint(Bucket.Job, 10, 1, [])]))
            .ShouldBe(new StoreAnswer<int>(1, null));

        (await _bucket.KeysAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_ToAStoreThatComparesCrc32_SendsItWithEachPiece()
    {
        _proxy.Answer = CompareCrc32Async;
        var sums = 0;
        _proxy.Choose = (_, request) =>
        {
            if (request.Headers.ContainsKey("x-amz-checksum-crc32"))
                Interlocked.Increment(ref sums);
            return Fault.None;
        };
        var options = _bucket.Options with { Endpoint = _proxy.Address, Checksum = S3Checksum.Crc32 };
        using var store = new S3CheckpointStore(options, null, Bucket.Surroundings);
        var (shard, directory) = await _bucket.MakeShardAsync(10, 1, ("a.bin", (2 * Part) + 9), ("b.bin", 5));

        (await store.UploadShardAsync(Bucket.Job, shard, directory, Record)).ShouldBeNull();

        sums.ShouldBe(4);
        (await store.ReadBackAsync(Bucket.Job, shard)).ShouldBeNull();
    }

    internal static Task<bool> CompareCrc32Async(HttpContext context, byte[] body)
    {
        var sent = context.Request.Headers["x-amz-checksum-crc32"].ToString();
        var found = Crc32.Hash(body);
        Array.Reverse(found);
        return sent is "" || sent == Convert.ToBase64String(found)
            ? Task.FromResult(false) : FaultProxy.AnswerErrorAsync(context, 400, "BadDigest");
    }

    internal static Task<bool> CompareMd5Async(HttpContext context, byte[] body)
    {
        var sent = context.Request.Headers.ContentMD5.ToString();
        return sent is "" || sent == Checksums.Of(body, S3Checksum.Md5).Md5
            ? Task.FromResult(false) : FaultProxy.AnswerErrorAsync(context, 400, "BadDigest");
    }

    private static bool IsPart(HttpRequest request) => request.Query.ContainsKey("partNumber");

    private static int Pick(Random random, int count)
    {
        lock (random)
            return random.Next(count);
    }

    private string Record => _bucket.PathOf("upload.record");

    private Task<CheckpointFault?> UploadAsync(StoredShard shard, string directory) =>
        _store.UploadShardAsync(Bucket.Job, shard, directory, Record);

    private Task<StoreAnswer<int>> CollectBelowAsync(long step) =>
        _store.CollectAsync(Bucket.Job, 1, [new StoredCheckpoint(Bucket.Job, step, 1, [])]);

    private async Task<int[]> StoredPartsAsync(StoredShard shard)
    {
        var upload = (await _bucket.Client.ListMultipartUploadsAsync(_bucket.Options.Bucket)).MultipartUploads.Single();
        var parts = await _bucket.Client.ListPartsAsync(
            _bucket.Options.Bucket, _bucket.KeyOf(shard, "b.bin"), upload.UploadId);
        return [.. parts.Parts.Select(part => part.PartNumber!.Value)];
    }
}
