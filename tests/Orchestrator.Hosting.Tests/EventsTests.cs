using Grpc.Core;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Hosting.Tests;

public sealed class EventsTests
{
    [Fact]
    public async Task WatchEvents_NoFollow_EndsAfterTheHistory()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        using var keep = agent;
        var id = (await plane.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec() })).JobId;
        await agent.NextAsync(message => message.Command?.Prepare is not null, "a prepare");

        var events = await HistoryAsync(plane, new WatchEventsRequest());

        events.Where(one => one.Kind == EventKind.Node).Select(one => one.To)
            .ShouldBe(["Validating", "Warm", "Assigned"]);
        events.Where(one => one.Kind == EventKind.Job).Select(one => (one.Subject, one.To))
            .ShouldBe([(id, "Queued"), (id, "Preparing")]);
        events.Select(one => one.At.ToDateTimeOffset()).ShouldBeInOrder();
        events.ShouldAllBe(one => one.Reason.Sentence.Length > 0);
    }

    [Fact]
    public async Task WatchEvents_OfOneNodeOrJob_LeavesOutTheOthers()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (one, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        var (two, _) = await ScriptedAgent.AttachAsync(plane, "host2", session: 1);
        using var keepOne = one;
        using var keepTwo = two;
        var id = (await plane.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec() })).JobId;
        await one.NextAsync(message => message.Command?.Prepare is not null, "a prepare");

        (await HistoryAsync(plane, new WatchEventsRequest { Node = "host2" }))
            .Select(step => step.Subject).Distinct().ShouldBe(["host2"]);
        (await HistoryAsync(plane, new WatchEventsRequest { JobId = id }))
            .Select(step => (step.Subject, step.To)).ShouldBe(
                [(id, "Queued"), ("host1", "Assigned"), (id, "Preparing")], ignoreOrder: true);
    }

    [Fact]
    public async Task WatchEvents_Follow_TellsWhatHappensNextOnce()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var watch = plane.Control.WatchEvents(
            new WatchEventsRequest { Follow = true }, cancellationToken: deadline.Token);
        var seen = new List<string>();
        await foreach (var one in watch.ResponseStream.ReadAllAsync(deadline.Token))
        {
            seen.Add(one.To);
            if (one.To == "Warm")
                agent.Dispose();
            if (one.To == "Suspect")
                break;
        }

        seen.ShouldBe(["Validating", "Warm", "Suspect"], "did not come once each within 20 s");
    }

    [Fact]
    public async Task WatchEvents_AfterARestart_StillTellsStepsAndSubmissions()
    {
        var first = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(first, "host1", session: 1);
        var id = (await first.Control.SubmitJobAsync(new SubmitJobRequest { Spec = Spec(nodes: 2) })).JobId;
        agent.Dispose();
        await first.StopAsync();
        await first.DisposeAsync();

        await using var second = await EmbeddedControlPlane.StartAsync(first.Data);
        var events = await HistoryAsync(second, new WatchEventsRequest());

        events.ShouldContain(one => one.Subject == "host1" && one.To == "Warm");
        events.ShouldContain(one => one.Subject == id && one.To == "Queued");
    }

    private static async Task<List<Event>> HistoryAsync(EmbeddedControlPlane plane, WatchEventsRequest request)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var watch = plane.Control.WatchEvents(request, cancellationToken: deadline.Token);
        var events = new List<Event>();
        await foreach (var one in watch.ResponseStream.ReadAllAsync(deadline.Token))
            events.Add(one);
        return events;
    }

    private static JobSpec Spec(uint nodes = 1)
    {
        var spec = new JobSpec { Name = "job", Nodes = nodes, RanksPerNode = 1, WorkingDirectory = "/" };
        spec.Command.Add("true");
        return spec;
    }
}
