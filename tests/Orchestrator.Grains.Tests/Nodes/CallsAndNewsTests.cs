using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Grains.Nodes;
using Orchestrator.Grains.Tests.Fleet;

namespace Orchestrator.Grains.Tests.Nodes;

/// <summary>Calls go down and news goes up at the same time: two grains must never wait for each other.</summary>
public sealed class CallsAndNewsTests
{
    [Fact]
    public async Task NewsAndOrders_AtOnce_NeitherWaitsForTheOther()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 5, spares: 1);
        await fleet.SubmitAsync("job");
        var running = await fleet.UntilRunningAsync("job", attempt: 1);

        // Up: every rank stores shards as fast as it can. Down: the job is paused, replaced and launched meanwhile.
        var news = running.Gang.SelectMany(member => Enumerable.Range(1, 25).Select(step =>
            fleet.Agents[member.Node].TellAsync(new ShardStored(
                "job", Shard(member.NodeRank, step), DateTimeOffset.UtcNow)))).ToArray();
        await fleet.Agents[running.Gang[3].Node].DieAsync();
        await fleet.Agents[running.Gang[0].Node].EndRankAsync("job", 1, 0, Exits.PeerLost);
        await Task.WhenAll(news);

        var recovered = await fleet.UntilRunningAsync("job", attempt: 2);
        recovered.Checkpoints.Committed.ShouldAllBe(manifest => manifest.Shards.Length == 4);
    }

    [Fact]
    public async Task ShardsOfAnOlderAttempt_ArriveLate_AreNotCommitted()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 2);
        await fleet.SubmitAsync("job", nodes: 1);
        var running = await fleet.UntilRunningAsync("job", attempt: 1);
        var agent = fleet.Agents[running.Gang[0].Node];
        await agent.EndRankAsync("job", 1, 0, Exits.Crash);
        await fleet.UntilRunningAsync("job", attempt: 2);

        await agent.TellAsync(new ShardStored("job", Shard(0, 7, attempt: 1, expected: 1), DateTimeOffset.UtcNow));
        await agent.TellAsync(new ShardStored("job", Shard(0, 8, attempt: 2, expected: 1), DateTimeOffset.UtcNow));

        var job = await fleet.UntilJobAsync("job", state => !state.Checkpoints.Committed.IsEmpty, "commits");
        job.Checkpoints.Committed.ShouldHaveSingleItem().Step.ShouldBe(8);
    }

    [Fact]
    public async Task LateLoss_OfAnOlderSession_DoesNotUndoTheNewer()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 1);
        var agent = fleet.Agents["host1"];
        await agent.AttachAsync();

        await fleet.Grains.GetGrain<INodeGrain>("host1").LoseContact(
            agent.Session - 1, new Domain.Reason("stream_ended", "late"));

        (await fleet.Grains.GetGrain<INodeGrain>("host1").Get()).IsConnected.ShouldBeTrue();
    }

    [Fact]
    public async Task HungAgent_GetsItsOrdersAgain_AndStartsEachRankOnce()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 1);
        fleet.Agents["host1"].IsHung = true;
        await fleet.SubmitAsync("job", nodes: 1);
        await fleet.UntilJobAsync("job", job => job.Phase == JobPhase.Preparing, "prepares");

        fleet.Agents["host1"].IsHung = false;
        await fleet.UntilRunningAsync("job", attempt: 1);

        fleet.Agents["host1"].Starts.Values.ShouldAllBe(count => count == 1);
    }

    private static ShardReport Shard(int rank, long step, int attempt = 1, int expected = 4) => new(
        attempt, step, new Shard(rank, $"step-{step}/attempt-{attempt}/rank-{rank}", []), expected);
}
