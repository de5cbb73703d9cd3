using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Logs;
using Orchestrator.Agent.Options;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Logs;

public sealed class LogRetentionTests : IDisposable
{
    private const long Mebibyte = 1024 * 1024;
    private readonly string _root = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;
    private readonly RankTable _table = new();
    private readonly StateFolder _state;
    private readonly LogRetention _retention;

    public LogRetentionTests()
    {
        var options = new AgentOptions(
            "host1", [new Uri("http://localhost")], _root, _root, "host1", 0, new Dictionary<string, string>())
        {
            Logs = new LogBounds(4 * Mebibyte, TimeSpan.FromDays(7)),
        };
        _state = new StateFolder(options);
        _retention = new LogRetention(
            _state, options, _table, TimeProvider.System, NullLogger<LogRetention>.Instance);
    }

    public void Dispose()
    {
        _retention.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Look_LiveLogTooLong_KeepsItsNewestOutputAndTheWriterGoesOn()
    {
        var rank = Add("job", 1, isRunning: true);
        await using var writer = new FileStream(
            rank.Folder.StandardOutput, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        for (var line = 0; line < 10 * Mebibyte / 16; line++)
            writer.Write(System.Text.Encoding.ASCII.GetBytes($"{line:D15}\n"));
        await writer.FlushAsync(TestContext.Current.CancellationToken);

        _retention.Look();
        writer.Write("the newest\n"u8);
        await writer.FlushAsync(TestContext.Current.CancellationToken);

        var text = await ReadAsync(rank.Key);
        text.Length.ShouldBeInRange((int)(4 * Mebibyte), (int)(4 * Mebibyte) + 8192);
        text.ShouldEndWith($"{(10 * Mebibyte / 16) - 1:D15}\nthe newest\n");
        text.ShouldNotContain('\0');
    }

    [Fact]
    public void Look_OldAttemptsTakeTheRoom_GoBeforeAnythingOfTheNewest()
    {
        Fill(Add("job", 1, isRunning: false), 3 * Mebibyte);
        Fill(Add("job", 2, isRunning: false), Mebibyte);
        var newest = Add("job", 10, isRunning: true);
        Fill(newest, 2 * Mebibyte);

        _retention.Look();

        AttemptsOf("job").ShouldBe(["10", "2"], ignoreOrder: true);
        SparseFile.NextData(File.OpenHandle(newest.Folder.StandardOutput), 0).ShouldBe(0);
    }

    [Fact]
    public void Look_EarlierAttemptStillRuns_StaysThere()
    {
        Fill(Add("job", 1, isRunning: true), 5 * Mebibyte);
        Fill(Add("job", 2, isRunning: true), Mebibyte);

        _retention.Look();

        AttemptsOf("job").Count().ShouldBe(2);
    }

    [Fact]
    public void Look_JobEndedLongAgo_IsDeleted()
    {
        var old = Add("old", 1, isRunning: false, isKnown: false);
        Fill(old, 10);
        Add("recent", 1, isRunning: false, isKnown: false);
        Add("unreleased", 1, isRunning: false);
        foreach (var job in new[] { "old", "unreleased" })
            MakeOld(Path.Combine(_state.Ranks, job));

        _retention.Look();

        Directory.GetDirectories(_state.Ranks).Select(Path.GetFileName)
            .ShouldBe(["recent", "unreleased"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(new long[] { 10, 20 }, 100, new long[] { 10, 20 })]
    [InlineData(new long[] { 10, 500, 500 }, 110, new long[] { 10, 50, 50 })]
    [InlineData(new long[] { 500, 30, 90 }, 200, new long[] { 85, 30, 85 })]
    [InlineData(new long[] { 500, 500 }, 1, new long[] { 5, 5 })]
    public void Shares_SmallFilesKeepAll_LargeOnesShareTheRest(long[] sizes, long room, long[] kept) =>
        LogShares.Of(sizes, room, least: 5).ShouldBe(kept);

    private static void Fill(TrackedRank rank, long bytes) =>
        File.WriteAllBytes(rank.Folder.StandardOutput, [.. Enumerable.Repeat((byte)'x', (int)bytes)]);

    private static void MakeOld(string folder)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(entry, DateTime.UnixEpoch);
        File.SetLastWriteTimeUtc(folder, DateTime.UnixEpoch);
    }

    private IEnumerable<string?> AttemptsOf(string job) =>
        Directory.GetDirectories(Path.Combine(_state.Ranks, job)).Select(Path.GetFileName);

    private TrackedRank Add(string job, uint attempt, bool isRunning, bool isKnown = true)
    {
        var spec = new RankSpec(job, attempt, 0, 1, "boot", "", null);
        var folder = RankFolder.Of(_state, spec.Key);
        Directory.CreateDirectory(folder.Path);
        var rank = new TrackedRank(spec, folder, isOfThisBoot: true);
        if (!isRunning)
            rank.TryEnd(new RankOutcome(0, TimeSpan.Zero, LeaseExpired: false, WasStopped: false));
        if (isKnown)
            _table.Add(rank);
        return rank;
    }

    private async Task<string> ReadAsync(RankKey key)
    {
        var source = new LogSource(_state, _table, TimeProvider.System);
        var request = new ReadLog { JobId = key.JobId, Attempt = key.Attempt, Rank = key.Rank };
        var text = new System.Text.StringBuilder();
        await foreach (var chunk in source.ReadAsync(request, TestContext.Current.CancellationToken))
            text.Append(chunk.Data.ToStringUtf8());
        return text.ToString();
    }
}
