using Orchestrator.Domain.Jobs;
using Orchestrator.Grains.Tests.Fleet;

namespace Orchestrator.Grains.Tests.Pools;

public sealed class QueueTests
{
    [Fact]
    public async Task Acquire_NotEnoughNodes_WaitsWithReasonAndRunsLater()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 3, spares: 1);
        await fleet.SubmitAsync("first", nodes: 2);
        await fleet.UntilRunningAsync("first", attempt: 1);
        await fleet.SubmitAsync("second", nodes: 2);
        var waiting = await fleet.UntilJobAsync(
            "second", job => job.Reason.Code == "not_enough_nodes", "says what it waits for");
        waiting.Phase.ShouldBe(JobPhase.Queued);
        waiting.Gang.ShouldBeEmpty();
        waiting.Reason.Sentence.ShouldContain("held for replacements");

        var first = await fleet.Job("first").Get();
        foreach (var member in first.Gang)
        {
            await fleet.Agents[member.Node].EndRankAsync("first", 1, member.NodeRank, Exits.Success);
        }

        await fleet.UntilRunningAsync("second", attempt: 1);
    }

    [Fact]
    public async Task Acquire_OneNodeRefuses_NothingIsKeptAndTheJobRunsLater()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 2);
        await fleet.Agents["host2"].LoseContactAsync();
        await fleet.SubmitAsync("job", nodes: 2);
        await fleet.UntilJobAsync("job", job => job.Reason.Code == "not_enough_nodes", "waits");
        await fleet.UntilNodeAsync("host1", Domain.Nodes.NodePhase.Warm);

        await fleet.Agents["host2"].AttachAsync();

        await fleet.UntilRunningAsync("job", attempt: 1);
    }

    [Fact]
    public async Task Cancel_OfTheHeadOfTheQueue_LetsTheNextOneRun()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 1);
        await fleet.SubmitAsync("large", nodes: 5);
        await fleet.UntilJobAsync("large", job => job.Reason.Code == "not_enough_nodes", "waits");

        await fleet.Job("large").Cancel();
        await fleet.SubmitAsync("small", nodes: 1);

        await fleet.UntilRunningAsync("small", attempt: 1);
    }

    [Fact]
    public async Task Acquire_SmallJobBehindALargeOne_KeepsItsPlace()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 2);
        await fleet.SubmitAsync("large", nodes: 3);
        await fleet.UntilJobAsync("large", job => job.Reason.Code == "not_enough_nodes", "waits");
        await fleet.SubmitAsync("small", nodes: 1);
        var small = await fleet.UntilJobAsync("small", job => job.Reason.Code == "behind_in_queue", "waits behind");
        small.Reason.Sentence.ShouldContain("large");

        await fleet.Job("large").Cancel();
        await fleet.UntilRunningAsync("small", attempt: 1);
    }
}
