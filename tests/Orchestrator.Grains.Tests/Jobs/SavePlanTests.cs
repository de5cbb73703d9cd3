using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Grains.Tests.Fleet;

namespace Orchestrator.Grains.Tests.Jobs;

/// <summary>When to save, in jobs whose scripts leave that to Orchestrator.</summary>
public sealed class SavePlanTests
{
    [Fact]
    public async Task PaceIsKnown_PlanIsMadeAndTheNextLaunchCarriesIt()
    {
        await using var fleet = await TestFleet.StartAsync(hosts: 2);
        (await fleet.Job("job").Submit(new JobSpec
        {
            Name = "job",
            Nodes = 2,
            Command = ["train"],
            WorkingDirectory = "/",
            CheckpointStore = "/store",
            HasAutoInterval = true,
        })).ShouldBeNull();
        await fleet.UntilRunningAsync("job", attempt: 1);

        fleet.Feed.Pace("job", 1, step: 7, TimeSpan.FromSeconds(1));
        var planned = await fleet.UntilJobAsync("job", job => job.SavePlan is not null, "has a plan");
        planned.SavePlan!.EverySteps.ShouldBe(60);
        planned.SavePlan.FromStep.ShouldBeGreaterThanOrEqualTo(7 + 15);

        var rank = planned.Gang[0];
        await fleet.Agents[rank.Node].EndRankAsync("job", 1, 0, Exits.Crash);
        var relaunched = await fleet.UntilRunningAsync("job", attempt: 2);

        relaunched.SavePlan.ShouldBe(planned.SavePlan);
        foreach (var agent in fleet.Agents.Values)
        {
            PlansOf(agent).ShouldContain(planned.SavePlan);
        }
    }

    private static IEnumerable<SavePlan?> PlansOf(FakeAgent agent) => agent.Received
        .Where(order => order.Attempt == 2).Select(order => order.Body).OfType<LaunchOrder>()
        .Select(launch => launch.SavePlan);
}
