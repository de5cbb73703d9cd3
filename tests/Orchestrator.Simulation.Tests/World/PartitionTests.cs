using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Hosts;

namespace Orchestrator.Simulation.Tests.World;

/// <summary>Who goes on and who stops when the network breaks, in a world where nothing else goes wrong.</summary>
public sealed class PartitionTests
{
    private static readonly TimeSpan LongerThanALease = TimeSpan.FromSeconds(40);

    private readonly Scenario _scenario = new Scenario(goal: 600).Live(TimeSpan.FromSeconds(15));

    private Host[] Gang => [.. _scenario.State.Gang.Select(member => _scenario.World.Host(member.Node))];

    [Fact]
    public void ControlPlaneDown_TrainingGoesOnInTheSameAttempt()
    {
        _scenario.World.StopControlPlane();

        _scenario.Live(TimeSpan.FromMinutes(5));

        Gang.ShouldAllBe(host => host.Ranks.All(rank => rank.IsComputing));
        _scenario.World.StartControlPlane(TimeSpan.Zero);
        _scenario.Live(TimeSpan.FromMinutes(1));
        (_scenario.State.Phase, _scenario.State.Attempt).ShouldBe((JobPhase.Running, 1));
        _scenario.State.Incidents.ShouldBeEmpty();
    }

    [Fact]
    public void CutOffAlone_EndsItsRanksWithTheirLease_AndOnlyThenTheJobGoesOnElsewhere()
    {
        var host = Gang[0];
        var cutAt = _scenario.World.Clock.Passed;
        host.Cut(Reach.Peers);

        _scenario.LiveUntil(() => !host.Ranks.Exists(rank => rank.IsComputing), LongerThanALease);

        (_scenario.World.Clock.Passed - cutAt).ShouldBeInRange(TimeSpan.FromSeconds(9.9), TimeSpan.FromSeconds(12));
        _scenario.State.Attempt.ShouldBe(1);
        _scenario.LiveUntil(() => _scenario.State.Attempt == 2, LongerThanALease);
        _scenario.State.Gang.Select(member => member.Node).ShouldNotContain(host.Name);
    }

    [Fact]
    public void MostHostsAreCutOffTogether_TheirRanksGoOnAndNobodyIsCalledLost()
    {
        _scenario.World.Network.Part([.. _scenario.World.Hosts.Take(6)]);

        _scenario.Live(TimeSpan.FromMinutes(5));

        Gang.ShouldAllBe(host => host.Ranks.All(rank => rank.IsComputing));
        _scenario.State.Attempt.ShouldBe(1);
        _scenario.World.Nodes.All.ShouldNotContain(node => node.Phase == NodePhase.Lost);
        _scenario.World.Nodes.Find("n0")!.Reason.Code.ShouldBe("fleet_silent");
    }

    [Fact]
    public void WholeGangInACutOffMinority_EndsWithItsLeaseAndIsReplaced()
    {
        var gang = Gang;
        _scenario.World.Network.Part(gang);

        _scenario.LiveUntil(() => _scenario.State.Attempt == 2, LongerThanALease);

        _scenario.State.Attempt.ShouldBe(2);
        gang.ShouldAllBe(host => !host.Ranks.Any(rank => rank.IsComputing));
        _scenario.State.Gang.Select(member => member.Node).Intersect(gang.Select(host => host.Name)).ShouldBeEmpty();
    }

    [Fact]
    public void CutOffFromItsPeersOnly_KeepsItsLease()
    {
        var host = Gang[1];
        host.Cut(Reach.ControlPlane);

        _scenario.Live(TimeSpan.FromSeconds(20));

        host.Ranks.ShouldAllBe(rank => rank.IsComputing);
        _scenario.World.Nodes.Find(host.Name)!.IsConnected.ShouldBeTrue();
    }
}
