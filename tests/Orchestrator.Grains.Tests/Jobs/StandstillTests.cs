using Orchestrator.Domain;
using Orchestrator.Domain.Nodes;
using Orchestrator.Grains.Nodes;
using Orchestrator.Grains.Tests.Fleet;

namespace Orchestrator.Grains.Tests.Jobs;

/// <summary>Hosts that say nothing and close nothing: no rank elsewhere ends.</summary>
public sealed class StandstillTests
{
    [Fact]
    public async Task TwoHostsFreeze_TrainingStandsStill_BothReplacedWithoutWaitingForTheirLeases()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 6, spares: 2);
        await fleet.SubmitAsync("job");
        var running = await fleet.UntilRunningAsync("job", attempt: 1);
        var victims = running.Gang.Take(2).Select(member => fleet.Agents[member.Node]).ToArray();

        foreach (var victim in victims)
        {
            await victim.FreezeAsync();
        }

        await fleet.UntilJobAsync("job", job => job.Gang.Count(member => member.IsSilent) == 2, "hears of the silence");
        var lastStep = DateTimeOffset.UtcNow;
        fleet.Feed.StandStill("job", 1, 50, lastStep, heardAt: lastStep + Timings.Standstill * 2);

        var recovered = await fleet.UntilRunningAsync("job", attempt: 2);
        var incident = recovered.Incidents.ShouldHaveSingleItem();
        incident.Cause.Code.ShouldBe("host_lost");
        incident.Cause.Sentence.ShouldContain("training stands still since step 50");
        foreach (var victim in victims)
        {
            recovered.Gang.Select(member => member.Node).ShouldNotContain(victim.Name);
            var node = await fleet.Grains.GetGrain<INodeGrain>(victim.Name).Get();
            node.Phase.ShouldBe(NodePhase.Lost);
            node.Reason.Sentence.ShouldContain("training stands still");
        }
    }
}
