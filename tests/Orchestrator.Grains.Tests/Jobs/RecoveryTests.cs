using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Grains.Incidents;
using Orchestrator.Grains.Nodes;
using Orchestrator.Grains.Tests.Fleet;

namespace Orchestrator.Grains.Tests.Jobs;

public sealed class RecoveryTests
{
    [Fact]
    public async Task HostDies_WarmNodeAvailable_ReplacedAndRunningAgain()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 5, spares: 1);
        await fleet.SubmitAsync("job");
        var running = await fleet.UntilRunningAsync("job", attempt: 1);
        var victim = running.Gang[2].Node;

        await fleet.Agents[victim].DieAsync();
        await fleet.Agents[running.Gang[0].Node].EndRankAsync("job", 1, 0, Exits.PeerLost);

        var recovered = await fleet.UntilRunningAsync("job", attempt: 2);
        recovered.Gang.Select(member => member.Node).ShouldNotContain(victim);
        recovered.Gang.Select(member => member.NodeRank).ShouldBe([0, 1, 2, 3]);
        var incident = recovered.Incidents.ShouldHaveSingleItem();
        incident.Phase.ShouldBe(IncidentPhase.Resolved);
        incident.Cause.Code.ShouldBe("host_lost");
        incident.Node.ShouldBe(victim);
        string[] moments =
        [
            TimelineEvents.Detected, TimelineEvents.Classified, TimelineEvents.StopsSent, TimelineEvents.Paused,
            TimelineEvents.ReplacementLeased, TimelineEvents.Prepared, TimelineEvents.Launched,
            TimelineEvents.FirstNewStep,
        ];
        incident.Timeline.Select(entry => entry.Event).ShouldBeSubsetOf([.. moments, TimelineEvents.RanksStarted]);
        moments.ShouldBeSubsetOf(incident.Timeline.Select(entry => entry.Event));
        (await fleet.Grains.GetGrain<INodeGrain>(victim).Get()).Phase.ShouldBe(NodePhase.Lost);
        (await fleet.Grains.GetGrain<IIncidentGrain>(incident.Id).Get())!.Phase.ShouldBe(IncidentPhase.Resolved);
    }

    [Fact]
    public async Task LostHost_ComesBackWithOldRanksRunning_TheyAreEndedBeforeItIsWarm()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 3, spares: 1);
        await fleet.SubmitAsync("job", nodes: 2);
        var running = await fleet.UntilRunningAsync("job", attempt: 1);
        var victim = fleet.Agents[running.Gang[1].Node];
        await victim.LoseContactAsync();
        await fleet.Agents[running.Gang[0].Node].EndRankAsync("job", 1, 0, Exits.PeerLost);
        await fleet.UntilRunningAsync("job", attempt: 2);
        victim.Running("job").ShouldHaveSingleItem();

        await victim.AttachAsync();

        await fleet.UntilNodeAsync(victim.Name, NodePhase.Warm);
        victim.Running("job").ShouldBeEmpty();
        (await fleet.Job("job").Get()).Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task RankCrashes_HostsHealthy_RelaunchedOnTheSameNodes()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 4);
        await fleet.SubmitAsync("job");
        var running = await fleet.UntilRunningAsync("job", attempt: 1);

        await fleet.Agents[running.Gang[1].Node].EndRankAsync("job", 1, 1, Exits.Crash);

        var recovered = await fleet.UntilRunningAsync("job", attempt: 2);
        recovered.Gang.Select(member => member.Node).ShouldBe(running.Gang.Select(member => member.Node));
        recovered.Incidents.ShouldHaveSingleItem().Cause.Code.ShouldBe("rank_crashed");
        recovered.Incidents[0].Action!.Code.ShouldBe("relaunch_same_nodes");
    }

    [Fact]
    public async Task AgentDiesAlone_TrainingAdvances_NothingRestarts()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 4);
        await fleet.SubmitAsync("job");
        var running = await fleet.UntilRunningAsync("job", attempt: 1);
        var agent = fleet.Agents[running.Gang[3].Node];

        await agent.LoseContactAsync();
        await fleet.UntilNodeAsync(agent.Name, NodePhase.Suspect);
        fleet.Feed.Advance("job", 1, 100, DateTimeOffset.UtcNow.AddSeconds(1));
        await fleet.UntilJobAsync("job", job => job.Gang[3].StepAtContactLoss == 100, "fixes the step of the loss");
        fleet.Feed.Advance("job", 1, 102, DateTimeOffset.UtcNow.AddSeconds(2));
        await fleet.UntilNodeAsync(agent.Name, NodePhase.Active);

        await agent.AttachAsync();
        var still = await fleet.UntilJobAsync("job", job => !job.Gang[3].IsSilent, "hears of its agent again");
        still.Attempt.ShouldBe(1);
        still.Incidents.ShouldBeEmpty();
        agent.Starts.Values.ShouldAllBe(count => count == 1);
    }

    [Fact]
    public async Task SiloRestarts_AgentsComeBack_JobGoesOnUntouched()
    {
        var first = await TestFleet.StartAsync(hosts: 4);
        await first.SubmitAsync("job");
        await first.UntilRunningAsync("job", attempt: 1);
        var agents = first.Agents.Values.ToArray();

        await using var second = await first.RestartAsync();
        foreach (var agent in agents)
        {
            second.Agents[agent.Name] = await agent.MoveToAsync(second.Grains);
        }

        var job = await second.UntilJobAsync(
            "job", state => state.Gang.All(member => member.Report is { IsConnected: true }), "hears of all agents");
        job.Phase.ShouldBe(JobPhase.Running);
        job.Attempt.ShouldBe(1);
        job.Incidents.ShouldBeEmpty();

        foreach (var (agent, rank) in second.Agents.Values.Select((agent, rank) => (agent, rank)))
        {
            await agent.EndRankAsync("job", 1, agent.Running("job")[0].Rank, Exits.Success);
        }

        await second.UntilJobAsync("job", state => state.Phase == JobPhase.Succeeded, "succeeds");
    }

    [Fact]
    public async Task OwnFault_WithoutProgress_StoppedAfterTheSetAttempts()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 1);
        await fleet.SubmitAsync("job", nodes: 1);
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            await fleet.UntilRunningAsync("job", attempt);
            await fleet.Agents["host1"].EndRankAsync("job", attempt, 0, Exits.Crash);
        }

        // The first attempt made a step, which is progress; the next three made none beyond it.
        var ended = await fleet.UntilJobAsync("job", job => job.Phase == JobPhase.Failed, "is stopped");
        ended.Reason.Code.ShouldBe("own_fault");
        ended.Reason.Sentence.ShouldContain("the loss is not a number");
        ended.FailureText.ShouldBe(Exits.Crash.LastLines);
        (await fleet.UntilNodeAsync("host1", NodePhase.Warm)).Cordons.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancel_WhileRunning_RanksStoppedAndNodesFree()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 2);
        await fleet.SubmitAsync("job", nodes: 2);
        await fleet.UntilRunningAsync("job", attempt: 1);

        (await fleet.Job("job").Cancel()).Refusal.ShouldBeNull();

        await fleet.UntilJobAsync("job", job => job.Phase == JobPhase.Cancelled, "is cancelled");
        await fleet.UntilNodeAsync("host1", NodePhase.Warm);
        await fleet.UntilNodeAsync("host2", NodePhase.Warm);
        fleet.Agents["host1"].Received.ShouldContain(
            order => order.Body is StopOrder && ((StopOrder)order.Body).Grace > TimeSpan.Zero);
        (await fleet.Job("job").Cancel()).Refusal!.Code.ShouldBe("job_ended");
    }
}
