using Grpc.Core;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Hosting.Tests;

public sealed class AgentStreamTests
{
    [Fact]
    public async Task Attach_NewNode_WelcomedThenWarm()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (agent, first) = await ScriptedAgent.AttachAsync(plane, "host1", session: 7);
        using var _ = agent;

        first.Welcome.SessionNumber.ShouldBe(7UL);
        first.Welcome.HeartbeatIntervalMs.ShouldBeGreaterThan(0U);
        var node = await plane.Control.GetNodeAsync(new GetNodeRequest { Name = "host1" });
        node.Phase.ShouldBe(NodePhase.Warm);
        node.Gpus.ShouldHaveSingleItem().IsVirtual.ShouldBeTrue();
    }

    [Fact]
    public async Task Attach_OlderSession_RejectedWithReasonAndTheNewerOneLives()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (newer, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 7);
        using var keep = newer;

        var (older, first) = await ScriptedAgent.AttachAsync(plane, "host1", session: 6);
        older.Dispose();

        first.Rejected.Reason.Code.ShouldBe("stale_session");
        await newer.SendAsync(new AgentMessage { Heartbeat = new Heartbeat { Number = 1 } });
        (await newer.NextAsync(message => message.HeartbeatAnswer is not null, "an answer"))
            .HeartbeatAnswer.Number.ShouldBe(1UL);
        (await plane.Control.GetNodeAsync(new GetNodeRequest { Name = "host1" })).IsConnected.ShouldBeTrue();
    }

    [Fact]
    public async Task Event_Stored_Acknowledged()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        using var keep = agent;

        await agent.SendAsync(new AgentMessage
        {
            Event = new AgentEvent { EventId = 41, GangStopped = new GangStopped { JobId = "unknown", Attempt = 1 } },
        });

        (await agent.NextAsync(message => message.EventsAcknowledged > 0, "an acknowledgement"))
            .EventsAcknowledged.ShouldBe(41UL);
    }

    [Fact]
    public async Task StreamEnds_WatchersSeeTheNodeSuspect()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var watch = plane.Control.WatchNodes(new ListNodesRequest(), cancellationToken: deadline.Token);
        var seen = watch.ResponseStream.ReadAllAsync(deadline.Token).GetAsyncEnumerator();
        (await seen.MoveNextAsync()).ShouldBeTrue();
        seen.Current.Phase.ShouldBe(NodePhase.Warm);

        agent.Dispose();

        do
        {
            (await seen.MoveNextAsync()).ShouldBeTrue("the watch ended before the node was suspect");
        }
        while (seen.Current.Phase != NodePhase.Suspect);
        seen.Current.IsConnected.ShouldBeFalse();
    }

    [Fact]
    public async Task Stop_WithOpenStreamsAndWatches_EndsThem()
    {
        await using var plane = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(plane, "host1", session: 1);
        using var keep = agent;
        // As a real agent does: one that does not read holds its half of the stream open.
        var stream = agent.UntilEndAsync();
        using var watch = plane.Control.WatchIncidents(new ListIncidentsRequest());
        var read = watch.ResponseStream.MoveNext();

        // A host gives open calls 30 s; streams that end by themselves need none of them.
        await plane.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));

        var isMore = await read.ContinueWith(
            ended => ended.IsCompletedSuccessfully && ended.Result, TaskScheduler.Default);
        isMore.ShouldBeFalse("the watch went on after the stop");
        await stream;
    }

    [Fact]
    public async Task Restart_OverTheSameFolder_KnowsItsNodes()
    {
        var first = await EmbeddedControlPlane.StartAsync();
        var (agent, _) = await ScriptedAgent.AttachAsync(first, "host1", session: 1);
        agent.Dispose();
        await first.StopAsync();
        await first.DisposeAsync();

        await using var second = await EmbeddedControlPlane.StartAsync(first.Data);

        var nodes = await second.Control.ListNodesAsync(new ListNodesRequest());
        nodes.Nodes.ShouldHaveSingleItem().Name.ShouldBe("host1");
    }
}
