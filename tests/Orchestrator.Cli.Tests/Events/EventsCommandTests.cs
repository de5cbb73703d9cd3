using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Orchestrator.Cli.Tests.CommandLine;
using Orchestrator.Protocol.V1;
using Orchestrator.Tests.ControlServer;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Cli.Tests.Events;

public sealed class EventsCommandTests : IAsyncLifetime
{
    private Server _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Server.StartAsync();
        _server.Control.Events.AddRange(
        [
            One(1, EventKind.Node, "host2", "Active", "Suspect"),
            One(2, EventKind.Incident, "job-1-i1", "", "detected"),
        ]);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Events_Human_IsOneLineEachWithTimeSubjectChangeAndReason()
    {
        var run = await RunAsync();

        run.ExitCode.ShouldBe(0);
        run.Lines.Length.ShouldBe(2);
        run.Lines[0].ShouldMatch(
            @"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.001  node host2 +Active -> Suspect +It broke\. \(broken\)$");
        run.Lines[1].ShouldMatch(@"  incident job-1-i1 +detected +It broke\. \(broken\)$");
    }

    [Fact]
    public async Task Events_Json_IsOneObjectPerLine()
    {
        var run = await RunAsync("-o", "json");

        run.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString())
            .ShouldBe(["EVENT_KIND_NODE", "EVENT_KIND_INCIDENT"]);
    }

    [Fact]
    public async Task Events_OfJobAndNode_AsksForThemAndNotForUnknownOnes()
    {
        _server.Control.Jobs.Add(new Job { Id = "job-1" });
        _server.Control.Nodes.Add(new Node { Name = "host2" });

        (await RunAsync("--job", "job-1", "--node", "host2")).ExitCode.ShouldBe(0);
        (await RunAsync("--job", "job-9")).ExitCode.ShouldBe(3);
        (await RunAsync("--node", "host9")).ExitCode.ShouldBe(3);

        _server.Control.Requests.OfType<WatchEventsRequest>().ShouldHaveSingleItem()
            .ShouldBe(new WatchEventsRequest { JobId = "job-1", Node = "host2" });
    }

    [Fact]
    public async Task Events_FollowAndControlPlaneRestarts_SaysEachOnce()
    {
        _server.Control.BreakStreamAfter = 1;
        _server.Control.StreamEnd = Refusals.Create(StatusCode.FailedPrecondition, "enough", "Enough.");

        var run = await RunAsync("--follow");

        run.Error.ShouldContain("Lost the control plane");
        run.Lines.Length.ShouldBe(2);
    }

    [Fact]
    public async Task Events_None_SaysSo()
    {
        _server.Control.Events.Clear();

        (await RunAsync()).Out.ShouldBe("Nothing happened yet.\n");
        (await RunAsync("-o", "json")).Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_Gap_SaysHowMuchIsMissing()
    {
        _server.Control.Events.Add(One(3, EventKind.Gap, "", "", ""));

        (await RunAsync()).Lines[2].ShouldEndWith("It broke. (broken)");
    }

    private static Event One(int millisecond, EventKind kind, string subject, string from, string to) => new()
    {
        At = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddMilliseconds(millisecond)),
        Kind = kind,
        Subject = subject,
        From = from,
        To = to,
        Reason = new Reason { Code = "broken", Sentence = "It broke." },
    };

    private Task<CliRun> RunAsync(params string[] options) =>
        CliRun.AgainstAsync(_server.Address, ["events", .. options]);
}
