using System.Text;
using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Logs;

public class LogTests
{
    [Fact]
    public async Task Read_LongLog_ComesInChunksAndWhole()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("seq 1 40000"));
        await host.ExitedAsync();

        var (text, chunks) = await ReadAsync(host, new ReadLog { RequestId = 1000 });

        text.ShouldBe(host.OutputOf());
        chunks.ShouldAllBe(chunk => chunk.Data.Length <= 64 * 1024);
        chunks.Count.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task Read_TailOfStderr_IsItsEnd()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("seq 1 1000 >&2"));
        await host.ExitedAsync();

        var (text, _) = await ReadAsync(host, new ReadLog { RequestId = 1000, IsStderr = true, TailBytes = 9 });

        text.ShouldBe("999\n1000\n");
    }

    [Theory]
    [InlineData(1UL, "1000\n")]
    [InlineData(3UL, "998\n999\n1000\n")]
    [InlineData(5_000UL, null)]
    public async Task Read_TailOfLines_BeginsAtThatLine(ulong lines, string? expected)
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("seq 1 1000"));
        await host.ExitedAsync();

        var (text, _) = await ReadAsync(host, new ReadLog { RequestId = 1000, TailLines = lines });

        text.ShouldBe(expected ?? host.OutputOf());
    }

    [Fact]
    public async Task Read_FromWhereAPieceEnded_IsTheRest()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("seq 1 40000"));
        await host.ExitedAsync();
        var (whole, chunks) = await ReadAsync(host, new ReadLog { RequestId = 1000 });
        var end = chunks[1].Offset;

        end.ShouldBe((ulong)chunks[0].Data.Length);
        var (rest, _) = await ReadAsync(host, new ReadLog { RequestId = 1001, StartAt = end });

        rest.ShouldBe(whole[(int)end..]);
    }

    [Fact]
    public async Task Follow_RankWritesOn_EndsWhenTheRankHasEnded()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch($"echo one; until [ -e {host.Root}/go ]; do sleep 0.02; done; echo two"));
        await host.LogHasAsync("one");
        var request = new ReadLog { RequestId = 1000, Follow = true };
        var reading = ReadAsync(host, request);
        host.Touch("go");

        var (text, _) = await reading;

        text.ShouldBe("one\ntwo\n");
    }

    [Fact]
    public async Task Read_UnknownRank_SaysNoSuchLog()
    {
        await using var host = await HostUnderTest.StartAsync();

        var (_, chunks) = await ReadAsync(host, new ReadLog { RequestId = 1000, Rank = 9 });

        chunks.ShouldHaveSingleItem().Failure.Code.ShouldBe("no_such_log");
    }

    private static async Task<(string Text, IReadOnlyList<LogChunk> Chunks)> ReadAsync(
        HostUnderTest host, ReadLog request)
    {
        request.JobId = HostUnderTest.Job;
        request.Attempt = 1;
        host.Gateway.Send(new GatewayMessage { ReadLog = request });
        await host.Gateway.Received.WaitAsync("the last chunk of the log", message =>
            message.Log is { IsLast: true } log && log.RequestId == request.RequestId ? log : null);
        var chunks = host.Gateway.Received.Snapshot()
            .Select(message => message.Log)
            .Where(log => log?.RequestId == request.RequestId)
            .ToList();
        return (Encoding.UTF8.GetString([.. chunks.SelectMany(chunk => chunk.Data)]), chunks);
    }
}
