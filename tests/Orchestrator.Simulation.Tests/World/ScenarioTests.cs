using Orchestrator.Domain.Jobs;
using Orchestrator.Simulation.Checkers;
using Orchestrator.Simulation.Hosts;

namespace Orchestrator.Simulation.Tests.World;

/// <summary>What one fault costs, in a world where nothing else goes wrong.</summary>
public sealed class ScenarioTests
{
    private const int Goal = 12;

    /// <summary>Events from a submission to the middle of its training.</summary>
    private const int MomentsTried = 60;

    [Fact]
    public void Job_WithoutFaults_SucceedsAndLeavesTheWorldAtRest()
    {
        var scenario = new Scenario(Goal).Live(TimeSpan.FromMinutes(2));

        scenario.State.Phase.ShouldBe(JobPhase.Succeeded);
        scenario.State.Attempt.ShouldBe(1);
        scenario.State.Incidents.ShouldBeEmpty();
        Convergence.IsAtRest(scenario.World).ShouldBeTrue();
    }

    [Fact]
    public void DrainedNow_TheJobIsMovedOnceAndSucceeds()
    {
        var scenario = new Scenario(Goal).Live(TimeSpan.FromSeconds(9));
        var drained = scenario.State.Gang[1].Node;
        scenario.World.Node(drained).Call(node => node.Drain("operator", "Maintenance.", movesJob: true))
            .ShouldBeNull();

        scenario.LiveUntil(() => scenario.State.Attempt == 2, TimeSpan.FromSeconds(30));
        scenario.State.Gang.Select(member => member.Node).ShouldNotContain(drained);
        scenario.LiveUntil(() => scenario.State.Phase == JobPhase.Succeeded, TimeSpan.FromMinutes(2));

        scenario.State.Phase.ShouldBe(JobPhase.Succeeded);
        scenario.State.Attempt.ShouldBe(2);
        scenario.State.Incidents.ShouldHaveSingleItem().Cause.Code.ShouldBe("drained");
    }

    /// <summary>The worst fault: a host says nothing and closes nothing, and everybody else waits for it.</summary>
    [Theory]
    [InlineData(1, 14)]
    [InlineData(2, 14)]
    [InlineData(3, 20)]
    public void HostsCutOffInMidTraining_AreReplacedWithinTheBound(int cutOff, int seconds)
    {
        var scenario = new Scenario(goal: 60).Live(TimeSpan.FromSeconds(15));
        var gang = scenario.State.Gang.Select(member => member.Node).ToArray();
        foreach (var node in gang.Take(cutOff))
        {
            scenario.World.Host(node).Cut(Reach.Nobody);
        }

        scenario.LiveUntil(() => scenario.State.Attempt == 2, TimeSpan.FromSeconds(seconds));

        scenario.State.Attempt.ShouldBe(2, $"{seconds} s after the silence");
        scenario.State.Gang.Select(member => member.Node).ShouldNotContain(gang[0]);
        scenario.State.Incidents[^1].Cause.Code.ShouldBe("host_lost");
        scenario.LiveUntil(() => scenario.State.OpenIncident is null, TimeSpan.FromSeconds(15));
        scenario.State.OpenIncident.ShouldBeNull("it trains again");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CutOffAtAnyMoment_TheJobGoesOnWithoutIt(bool isPowerLost)
    {
        for (var moment = 0; moment < MomentsTried; moment++)
        {
            var scenario = new Scenario(Goal).Happen(moment);
            var host = scenario.World.Hosts[moment % 3];
            Action cut = isPowerLost ? host.PowerOff : () => host.Cut(Reach.Nobody);
            cut();

            scenario.LiveUntil(() => scenario.State.Phase == JobPhase.Succeeded, TimeSpan.FromSeconds(120));

            scenario.State.Phase.ShouldBe(JobPhase.Succeeded, $"after a silence at event {moment}");
        }
    }

    [Fact]
    public void CutOffAtAnyMoment_ThenCancelled_TheJobEnds()
    {
        for (var moment = 0; moment < MomentsTried; moment++)
        {
            var scenario = new Scenario(Goal).Happen(moment);
            scenario.World.Hosts[moment % 3].Cut(Reach.Nobody);
            scenario.World.Job(Scenario.Job).Call(job => job.Cancel());

            scenario.LiveUntil(() => scenario.State.Phase == JobPhase.Cancelled, TimeSpan.FromSeconds(60));

            scenario.State.Phase.ShouldBe(JobPhase.Cancelled, $"after a silence at event {moment}");
        }
    }
}
