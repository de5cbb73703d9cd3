using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Grains.Nodes;
using Orchestrator.Grains.Tests.Fleet;

namespace Orchestrator.Grains.Tests.Nodes;

public sealed class DrainTests
{
    [Fact]
    public async Task DrainNow_NoNodeFree_JobRunsOnUntilOneIs()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 2);
        await fleet.SubmitAsync("job", nodes: 2);
        var running = await fleet.UntilRunningAsync("job", attempt: 1);
        var drained = running.Gang[1].Node;

        (await Node(fleet, drained).Drain("operator", "fan", movesJob: true)).ShouldBe(new CordonResult(true, null));
        var waiting = await fleet.UntilJobAsync(
            "job", job => job.Gang[1].RelocationWait is not null, "says what its move waits for");
        waiting.Phase.ShouldBe(JobPhase.Running);
        var progress = DrainProgress.Of(await Node(fleet, drained).Get(), waiting).ShouldNotBeNull();
        progress.Code.ShouldBe("drain_waits_for_nodes");
        fleet.Agents[drained].Received.ShouldNotContain(order => order.Body is StopOrder);

        fleet.Agents["host3"] = new FakeAgent(fleet.Grains, "host3");
        await fleet.Agents["host3"].AttachAsync();
        var moved = await fleet.UntilRunningAsync("job", attempt: 2);

        moved.Gang.Select(member => member.Node).ShouldBe([running.Gang[0].Node, "host3"]);
        moved.FruitlessAttempts.ShouldBe(0);
        var incident = moved.Incidents.ShouldHaveSingleItem();
        incident.Cause.Sentence.ShouldBe($"{drained} was drained by operator: fan");
        fleet.Agents[drained].Received.ShouldContain(
            order => order.Body is StopOrder && ((StopOrder)order.Body).Grace > TimeSpan.Zero);
        (await fleet.UntilNodeAsync(drained, NodePhase.Warm)).IsAvailable.ShouldBeFalse("it is drained");
    }

    [Fact]
    public async Task Drain_WithoutMoving_NextLaunchLeavesTheNodeAndResumeBringsItBack()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 3);
        await fleet.SubmitAsync("job", nodes: 2);
        var running = await fleet.UntilRunningAsync("job", attempt: 1);
        var drained = running.Gang[0].Node;
        await Node(fleet, drained).Drain("operator", "fan", movesJob: false);
        (await Node(fleet, drained).Drain("operator", "fan", movesJob: false)).IsChanged.ShouldBeFalse();
        (await fleet.Job("job").Get()).Attempt.ShouldBe(1);

        await fleet.UntilJobAsync("job", job => job.Gang[0].Report!.Cordon is not null, "hears of the drain");
        await fleet.Agents[running.Gang[1].Node].EndRankAsync("job", 1, 1, Exits.Crash);
        var moved = await fleet.UntilRunningAsync("job", attempt: 2);
        moved.Gang.Select(member => member.Node).ShouldNotContain(drained);

        await fleet.UntilNodeAsync(drained, NodePhase.Warm);
        (await Node(fleet, drained).Resume("operator", "done", isForced: false)).IsChanged.ShouldBeTrue();
        (await Node(fleet, drained).Get()).IsAvailable.ShouldBeTrue();
    }

    private static INodeGrain Node(TestFleet fleet, string name) => fleet.Grains.GetGrain<INodeGrain>(name);
}
