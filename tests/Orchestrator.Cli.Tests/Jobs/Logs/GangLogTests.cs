using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Orchestrator.Cli.Tests.CommandLine;
using Orchestrator.Protocol.V1;
using Orchestrator.Tests.ControlServer;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Cli.Tests.Jobs.Logs;

public sealed class GangLogTests : IAsyncLifetime
{
    private Server _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Server.StartAsync();
        _server.Control.Jobs.Add(At(JobPhase.Running, 1, "host1", "host2"));
        _server.Control.Logs = request => request.StartAt == 0 ? [Piece(Log(request))] : [];
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Logs_WithoutRank_PrefixesBothStreamsOfEveryRank()
    {
        var run = await RunAsync();

        run.ExitCode.ShouldBe(0);
        run.Lines.ShouldBe(
        [
            "[rank 0 host1] 0 of attempt 1 stdout", "[rank 0 host1] 0 of attempt 1 stderr",
            "[rank 1 host2] 1 of attempt 1 stdout", "[rank 1 host2] 1 of attempt 1 stderr",
        ]);
    }

    [Theory]
    [InlineData("--stdout", "stdout")]
    [InlineData("--stderr", "stderr")]
    public async Task Logs_OneStream_IsOnlyThat(string option, string stream)
    {
        var run = await RunAsync(option, "-n", "7");

        run.Lines.Length.ShouldBe(2);
        run.Lines.ShouldAllBe(line => line.EndsWith(stream, StringComparison.Ordinal));
        _server.Control.Requests.OfType<ReadLogsRequest>().ShouldAllBe(request => request.TailLines == 7);
    }

    [Fact]
    public async Task Logs_TailCutsALine_BeginsAtTheNextWholeOne()
    {
        _server.Control.Logs = _ => [new LogData { Data = ByteString.CopyFromUtf8("lf\nwhole\n"), Offset = 90 }];

        var run = await RunAsync("--tail", "9", "--stdout");

        run.Lines.ShouldBe(["[rank 0 host1] whole", "[rank 1 host2] whole"]);
    }

    [Fact]
    public async Task Logs_OneHostGone_ShowsTheOthersAndSaysWhichIsMissing()
    {
        _server.Control.Logs = request => request.Rank == 0
            ? throw Refusals.Create(StatusCode.FailedPrecondition, "node_not_connected", "host1 is away.")
            : [Piece(Log(request))];

        var run = await RunAsync("--stdout");

        run.ExitCode.ShouldBe(0);
        run.Lines.ShouldBe(["[rank 0 host1] --- host1 is away.", "[rank 1 host2] 1 of attempt 1 stdout"]);
    }

    [Fact]
    public async Task Logs_NoHostAnswers_ExitsAsTheRefusal()
    {
        _server.Control.Logs = _ =>
            throw Refusals.Create(StatusCode.FailedPrecondition, "node_not_connected", "It is away.");

        (await RunAsync()).ExitCode.ShouldBe(4);
    }

    [Fact]
    public async Task Logs_Json_IsOneObjectPerLine()
    {
        var run = await RunAsync("--stderr", "-o", "json");

        var line = JsonDocument.Parse(run.Lines[1]).RootElement;
        line.GetProperty("rank").GetInt32().ShouldBe(1);
        line.GetProperty("node").GetString().ShouldBe("host2");
        line.GetProperty("attempt").GetInt32().ShouldBe(1);
        line.GetProperty("stream").GetString().ShouldBe("stderr");
        line.GetProperty("line").GetString().ShouldBe("1 of attempt 1 stderr");
    }

    [Fact]
    public async Task Logs_Terminal_ColoursThePrefixUnlessToldNotTo()
    {
        var variables = new Dictionary<string, string> { ["ORCHESTRATOR_SERVER"] = _server.Address.ToString() };

        var coloured = await CliRun.OfAsync(variables, ["logs", "job-1", "--stdout"], isTerminal: true);
        variables["NO_COLOR"] = "1";
        var plain = await CliRun.OfAsync(variables, ["logs", "job-1", "--stdout"], isTerminal: true);

        coloured.Out.ShouldContain("\u001b[36m[rank 0 host1]\u001b[0m 0 of");
        plain.Out.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task Logs_NotLaunched_SaysWhatTheJobWaitsFor()
    {
        var queued = new Job { Id = "job-1", Reason = new Reason { Sentence = "Waits for 2 nodes." } };
        _server.Control.Jobs[0] = queued;

        var run = await RunAsync();

        run.ExitCode.ShouldBe(4);
        run.Error.ShouldContain("Waits for 2 nodes.");
    }

    [Fact]
    public async Task Logs_FollowOverARecovery_GoesOnWithTheNextAttemptAndEndsWithTheJob()
    {
        var resumed = At(JobPhase.Running, 2, "host1", "host3");
        resumed.ResumedFromStep = 100;
        var preparing = resumed.Clone();
        preparing.Phase = JobPhase.Preparing;
        var ended = resumed.Clone();
        ended.Phase = JobPhase.Succeeded;
        _server.Control.JobChanges.AddRange(
            [At(JobPhase.Running, 1, "host1", "host2"), At(JobPhase.Pausing, 1, "host1", "host2"), preparing, resumed,
                ended]);

        var run = await RunAsync("--follow", "--stdout");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Lines.Order(StringComparer.Ordinal).ShouldBe(
        [
            "[rank 0 host1] --- attempt 2: goes on from step 100",
            "[rank 0 host1] 0 of attempt 1 stdout",
            "[rank 0 host1] 0 of attempt 2 stdout",
            "[rank 1 host2] 1 of attempt 1 stdout",
            "[rank 1 host3] --- attempt 2 on host3, was on host2: goes on from step 100",
            "[rank 1 host3] 1 of attempt 2 stdout",
        ]);
        run.Error.ShouldContain("Succeeded");
    }

    [Fact]
    public async Task Logs_ReadingBreaks_GoesOnWhereItBroke()
    {
        var ended = At(JobPhase.Succeeded, 1, "host1");
        _server.Control.JobChanges.AddRange([At(JobPhase.Running, 1, "host1"), ended]);
        _server.Control.Logs = request => request.StartAt switch
        {
            0 => [Piece("first\nsec")],
            9 => [Piece("ond\n", 9)],
            _ => [],
        };

        var run = await RunAsync("--follow", "--stdout");

        run.Lines.ShouldBe(["[rank 0 host1] first", "[rank 0 host1] second"]);
        _server.Control.Requests.OfType<ReadLogsRequest>().Skip(1).First().StartAt.ShouldBe(9UL);
    }

    private static string Log(ReadLogsRequest request)
    {
        var attempt = request.Attempt;
        return $"{request.Rank} of attempt {attempt} {(request.IsStderr ? "stderr" : "stdout")}\n";
    }

    private static LogData Piece(string text, ulong offset = 0) =>
        new() { Data = ByteString.CopyFromUtf8(text), Offset = offset };

    private static Job At(JobPhase phase, uint attempt, params string[] nodes)
    {
        var job = new Job
        {
            Id = "job-1",
            Spec = new JobSpec { Name = "train", Nodes = (uint)nodes.Length, RanksPerNode = 1 },
            Phase = phase,
            Attempt = attempt,
        };
        job.Ranks.AddRange(nodes.Index().Select(node =>
            new Rank { Rank_ = (uint)node.Index, Node = node.Item, State = "running" }));
        return job;
    }

    private Task<CliRun> RunAsync(params string[] options) =>
        CliRun.AgainstAsync(_server.Address, ["logs", "job-1", .. options]);
}
