using System.Text.Json;
using Grpc.Core;
using Orchestrator.Cli.Tests.CommandLine;
using Orchestrator.Protocol.V1;
using Orchestrator.Tests.ControlServer;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Cli.Tests.Incidents;

public sealed class IncidentCommandsTests : IAsyncLifetime
{
    private Server _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Server.StartAsync();
        // A watch never ends by itself; a refusal ends it once all was said.
        _server.Control.StreamEnd = Refusals.Create(StatusCode.FailedPrecondition, "enough", "Enough.");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Incidents_Follow_WritesEachNewEntryOnceAndTheSentencesWhenKnown()
    {
        var detected = new Incident
        {
            Id = "inc-2",
            Phase = IncidentPhase.Detected,
            Timeline = { Entry(0, "detected") },
        };
        var classified = detected.Clone();
        classified.Timeline.Add(Entry(412, "classified", "host2 is lost"));
        classified.Cause = new Reason { Code = "host_lost", Sentence = "host2 lost its power." };
        var resolved = Resolved("inc-2");
        _server.Control.IncidentChanges.AddRange([detected, classified, classified.Clone(), resolved]);

        var run = await CliRun.AgainstAsync(_server.Address, "incidents", "--follow");

        run.Lines.ShouldBe(
        [
            "inc-2  +      0 ms  detected",
            "inc-2  +    412 ms  classified          host2 is lost",
            "inc-2  cause: host2 lost its power. (host_lost)",
            "inc-2  +  3,170 ms  first_new_step",
            "inc-2  action: Replaced host2 by host5. (replace_node)",
            "inc-2  resolved after 3,170 ms: reached 120, resumed from 100, 20 to do again",
        ]);
    }

    [Fact]
    public async Task Incidents_Follow_LeavesOutWhatWasClosedBefore()
    {
        _server.Control.Incidents.Add(Resolved("inc-1"));
        _server.Control.IncidentChanges.AddRange([Resolved("inc-1"), Resolved("inc-2")]);

        var run = await CliRun.AgainstAsync(_server.Address, "incidents", "-f");

        run.Lines.ShouldAllBe(line => line.StartsWith("inc-2", StringComparison.Ordinal));
        run.Lines.Length.ShouldBe(6);
    }

    [Fact]
    public async Task Incidents_FollowJson_WritesOneObjectPerChange()
    {
        _server.Control.IncidentChanges.AddRange([Resolved("inc-1"), Resolved("inc-1")]);

        var run = await CliRun.AgainstAsync(_server.Address, "incidents", "-f", "-o", "json");

        run.Lines.Length.ShouldBe(2);
        JsonDocument.Parse(run.Lines[1]).RootElement.GetProperty("id").GetString().ShouldBe("inc-1");
    }

    [Fact]
    public async Task Incidents_FollowAndControlPlaneRestarts_GoesOnWithoutRepeating()
    {
        _server.Control.IncidentChanges.AddRange([Resolved("inc-1"), Resolved("inc-2")]);
        _server.Control.BreakStreamAfter = 1;

        var run = await CliRun.AgainstAsync(_server.Address, "incidents", "-f");

        run.Error.ShouldContain("Lost the control plane");
        run.Lines.Count(line => line.StartsWith("inc-1", StringComparison.Ordinal)).ShouldBe(6);
        run.Lines.Count(line => line.StartsWith("inc-2", StringComparison.Ordinal)).ShouldBe(6);
    }

    [Fact]
    public async Task Incidents_FollowInterrupted_Exits130()
    {
        _server.Control.IsStreamKeptOpen = true;
        _server.Control.StreamEnd = null;
        _server.Control.IncidentChanges.Add(Resolved("inc-1"));
        var variables = new Dictionary<string, string> { ["ORCHESTRATOR_SERVER"] = _server.Address.ToString() };
        using var interrupt = new CancellationTokenSource();

        var running = CliRun.OfAsync(variables, ["incidents", "-f"], cancellation: interrupt.Token);
        await _server.Control.StreamSent.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await interrupt.CancelAsync();

        (await running).ExitCode.ShouldBe(130);
    }

    [Fact]
    public async Task Incidents_OfOneJob_ListsThem()
    {
        _server.Control.Incidents.Add(Resolved("inc-1"));

        var run = await CliRun.AgainstAsync(_server.Address, "incidents", "--job", "job-1");

        run.Lines.Length.ShouldBe(2);
        run.Lines[1].ShouldContain("host5");
        _server.Control.Requests.ShouldHaveSingleItem().ShouldBe(new ListIncidentsRequest { JobId = "job-1" });
    }

    [Fact]
    public async Task Incident_Human_ShowsAllOfIt()
    {
        _server.Control.Incidents.Add(Resolved("inc-1"));

        var run = await CliRun.AgainstAsync(_server.Address, "incident", "inc-1");

        foreach (var text in new[]
        {
            "host2 lost its power. (host_lost)", "Replaced host2 by host5.", "1 failed, 2 went on",
            "reached 120, resumed from 100, 20 to do again", "+ 3,170 ms", "first_new_step",
            "contact_lost", "decide 20 ms, stop 50 ms, launch 3,100 ms, total 3,170 ms",
        })
        {
            run.Out.ShouldContain(text);
        }
    }

    private static TimelineEntry Entry(long offset, string what, string detail = "") =>
        new() { OffsetMs = offset, Event = what, Detail = detail };

    private static Incident Resolved(string id) => new()
    {
        Id = id,
        JobId = "job-1",
        Phase = IncidentPhase.Resolved,
        Cause = new Reason { Code = "host_lost", Sentence = "host2 lost its power." },
        Action = new Reason { Code = "replace_node", Sentence = "Replaced host2 by host5." },
        Node = "host2",
        Replacements = { "host5" },
        FailedAttempt = 1,
        NextAttempt = 2,
        ReachedStep = 120,
        ResumedFromStep = 100,
        Timeline = { Entry(0, "detected"), Entry(412, "classified", "host2 is lost"), Entry(3_170, "first_new_step") },
        Evidence = { new Evidence { Witness = "host1", Kind = "contact_lost", Detail = "silent" } },
        Durations = new IncidentDurations { DecideMs = 20, StopMs = 50, LaunchMs = 3_100, TotalMs = 3_170 },
    };
}
