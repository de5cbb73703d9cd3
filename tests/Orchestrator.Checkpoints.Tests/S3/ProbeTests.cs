using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Checkpoints.Durable;
using Orchestrator.Checkpoints.S3;
using Orchestrator.Testing;

namespace Orchestrator.Checkpoints.Tests.S3;

/// <summary>What a probe finds out.</summary>
public sealed class ProbeTests(CephServer ceph) : IAsyncLifetime
{
    private Bucket _bucket = null!;
    private FaultProxy _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        _bucket = await Bucket.CreateAsync(ceph);
        _proxy = await FaultProxy.StartAsync(_bucket.Options.Endpoint!);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _bucket.Dispose();
    }

    [Fact]
    public async Task Ceph_Works_WithItsSignatureAndPathStyleAndLeavesNothing()
    {
        var (found, fault) = await ProbeAsync(_bucket.Options);

        fault.ShouldBeNull();
        found.ShouldBe(_bucket.Options with { PathStyle = true, Checksum = S3Checksum.Signature });
        (await _bucket.KeysAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ceph_AskedWithTheBucketInTheHostName_IsFoundWithItInThePath()
    {
        var named = new UriBuilder(_bucket.Options.Endpoint!) { Host = "localhost" }.Uri;

        var (found, fault) = await ProbeAsync(_bucket.Options with { Endpoint = named, PathStyle = false });

        fault.ShouldBeNull();
        found.ShouldNotBeNull().PathStyle.ShouldBe(true);
    }

    [Theory]
    [InlineData("crc32", S3Checksum.Crc32)]
    [InlineData("md5", S3Checksum.Md5)]
    [InlineData("nothing", null)]
    public async Task StoreThatComparesNoSignature_IsFoundOut(string compares, S3Checksum? expected)
    {
        // The object of the first write is there, so a false "done" is what ignoring a checksum looks like.
        var puts = 0;
        _proxy.Answer = async (context, body) =>
        {
            if (context.Request.Method != "PUT" || Interlocked.Increment(ref puts) == 1)
                return false;
            return compares switch
            {
                "crc32" => await FaultTests.CompareCrc32Async(context, body) || true,
                "md5" => await FaultTests.CompareMd5Async(context, body) || true,
                _ => true,
            };
        };

        var (found, fault) = await ProbeAsync(Through());

        (found?.Checksum).ShouldBe(expected);
        fault?.Code.ShouldBe("store_unchecked");
        (found is null).ShouldBe(expected is null);
    }

    [Fact]
    public async Task StoreThatAltersContent_IsRefused()
    {
        _proxy.Choose = (_, request) => request.Method == "GET" ? Fault.AnswerFlipped : Fault.None;

        (await ProbeAsync(Through())).Fault.ShouldNotBeNull().Code.ShouldBe("shard_hash_differs");
    }

    [Fact]
    public async Task NoSuchBucket_IsSaid() => Says(
        await ProbeAsync(_bucket.Options with { Bucket = "nowhere" }), "store_no_bucket", "'nowhere'");

    [Fact]
    public async Task WrongKeys_AreSaid()
    {
        var wrong = Bucket.Surroundings with { Credentials = new BasicAWSCredentials(CephServer.AccessKey, "wrong") };
        Says(await S3CheckpointStore.ProbeFromAsync(wrong, _bucket.Options, default),
            "store_access_denied", "SignatureDoesNotMatch");

        var unknown = Bucket.Surroundings with { Credentials = new BasicAWSCredentials("unknown", "wrong") };
        Says(await S3CheckpointStore.ProbeFromAsync(unknown, _bucket.Options, default),
            "store_access_denied", "InvalidAccessKeyId");
    }

    [Fact]
    public async Task NobodyListens_IsSaid() => Says(
        await ProbeAsync(_bucket.Options with { Endpoint = new Uri("http://127.0.0.1:1") }),
        "store_unreachable", "127.0.0.1:1");

    [Theory]
    [InlineData(403, "RequestTimeTooSkewed", "store_clock_skew")]
    [InlineData(400, "AuthorizationHeaderMalformed", "store_wrong_region")]
    [InlineData(301, "PermanentRedirect", "store_wrong_region")]
    [InlineData(403, "AccessDenied", "store_access_denied")]
    [InlineData(400, "EntityTooLarge", "store_refused")]
    [InlineData(503, "SlowDown", "store_failing")]
    public async Task StoreThatAnswersWithAnError_IsUnderstood(int status, string error, string code)
    {
        _proxy.Answer = (context, _) => FaultProxy.AnswerErrorAsync(context, status, error, "because");

        Says(await ProbeAsync(Through()), code, error);
    }

    [Fact]
    public async Task OptionsWithAProblem_AreSaid() =>
        Says(await ProbeAsync(_bucket.Options with { Concurrency = 0 }), "store_options_wrong", "1 to 64");

    [Fact]
    public async Task Connection_ThatMovesNoByte_IsGivenUp()
    {
        var time = new FakeTimeProvider();
        await using var wire = new WireStream(
            new SilentStream(), new BandwidthLimiter(0, time), TimeSpan.FromSeconds(60), time);
        var read = wire.ReadAsync(new byte[1]).AsTask();
        var write = wire.WriteAsync(new byte[1]).AsTask();

        time.Advance(TimeSpan.FromSeconds(60));

        (await Should.ThrowAsync<TimeoutException>(read)).Message.ShouldContain("60 s");
        await Should.ThrowAsync<TimeoutException>(write);
    }

    [Fact]
    public async Task Connection_SendsNoFasterThanTheLimit()
    {
        var time = new FakeTimeProvider();
        using var sink = new MemoryStream();
        await using var wire = new WireStream(
            sink, new BandwidthLimiter(1000, time), TimeSpan.FromSeconds(60), time);
        var write = wire.WriteAsync(new byte[1100]).AsTask();
        sink.Length.ShouldBe(0);

        time.Advance(TimeSpan.FromSeconds(1));

        await write;
        sink.Length.ShouldBe(1100);
    }

    private S3StoreOptions Through() => _bucket.Options with { Endpoint = _proxy.Address };

    private static Task<StoreAnswer<S3StoreOptions>> ProbeAsync(S3StoreOptions options) =>
        S3CheckpointStore.ProbeFromAsync(Bucket.Surroundings, options, TestContext.Current.CancellationToken);

    private static void Says(StoreAnswer<S3StoreOptions> answer, string code, string words)
    {
        answer.Value.ShouldBeNull();
        answer.Fault.ShouldNotBeNull().Code.ShouldBe(code);
        answer.Fault.Sentence.ShouldContain(words);
    }

    /// <summary>Takes nothing and gives nothing until it is told to end.</summary>
    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            return 0;
        }

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
    }
}
