using CsCheck;
using Orchestrator.Domain.Jobs;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>Set ORCHESTRATOR_SEQUENCES for a longer search, and CsCheck_Seed to repeat a found sequence.</summary>
public sealed class FleetTests
{
    private const int Hosts = 4;
    private const int LongestSequence = 60;

    /// <summary>
    /// Longer than every deadline that may have to pass: prepare, launch, stop, silence, the lapse of a lease.
    /// </summary>
    private const int SecondsToRecover = 1_500;

    private static readonly int Sequences =
        int.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_SEQUENCES"), out var asked) ? asked : 600;

    [Fact]
    public void AnySequence_OfWorkAndFaults_BreaksNoRule() => FleetStep.Sequences(LongestSequence).Sample(
        steps =>
        {
            var fleet = new VirtualFleet(Hosts);
            Array.ForEach(steps, fleet.Do);
        },
        iter: Sequences,
        print: Print);

    [Fact]
    public void AnySequence_ThenHealed_EveryJobEndsAndEveryNodeIsFree() => FleetStep.Sequences(LongestSequence).Sample(
        steps =>
        {
            var fleet = new VirtualFleet(Hosts);
            Array.ForEach(steps, fleet.Do);
            for (var second = 0; second < SecondsToRecover && !IsAtRest(fleet); second++)
            {
                fleet.LiveOneSecond();
            }

            IsAtRest(fleet).ShouldBeTrue(
                $"{SecondsToRecover} s after everything healed:\n{FleetWatch.Describe(fleet)}");
        },
        iter: Sequences,
        print: Print);

    [Fact]
    public void OneJob_WithoutFaults_Succeeds()
    {
        var fleet = new VirtualFleet(Hosts);
        fleet.Do(new(FleetAction.Submit, 0, 2));
        for (var second = 0; second < VirtualTraining.Goal + 10; second++)
        {
            fleet.LiveOneSecond();
        }

        fleet.Job("job-0").State.Phase.ShouldBe(JobPhase.Succeeded);
        IsAtRest(fleet).ShouldBeTrue(FleetWatch.Describe(fleet));
    }

    [Fact]
    public void OneJob_ANodeOfItIsDrainedNow_IsMovedOnceAndSucceeds()
    {
        var fleet = new VirtualFleet(Hosts);
        fleet.Do(new(FleetAction.Submit, 0, 1));
        var job = fleet.Job("job-0");
        for (var second = 0; second < 5; second++)
        {
            fleet.LiveOneSecond();
        }

        var drained = job.State.Gang[1].Node;
        fleet.Do(new(FleetAction.DrainNow, fleet.Hosts.Index().Single(host => host.Item.Name == drained).Index, 0));
        fleet.Do(new(FleetAction.Settle, 0, 0));
        job.State.Gang.Select(member => member.Node).ShouldNotContain(drained);

        for (var second = 0; second < VirtualTraining.Goal + 10; second++)
        {
            fleet.LiveOneSecond();
        }

        job.State.Phase.ShouldBe(JobPhase.Succeeded);
        job.State.Attempt.ShouldBe(2);
        job.State.Incidents.ShouldHaveSingleItem().Cause.Code.ShouldBe("drained");
        IsAtRest(fleet).ShouldBeTrue(FleetWatch.Describe(fleet));
    }

    /// <summary>The worst fault: a host says nothing and closes nothing, and everybody else waits for it.</summary>
    [Theory]
    [InlineData(1, 11)]
    [InlineData(2, 11)]
    [InlineData(3, 17)]
    public void HostsCutOffInMidTraining_AreReplacedWithinTheBound(int cutOff, int seconds)
    {
        var fleet = new VirtualFleet(2 * Hosts);
        fleet.Do(new(FleetAction.Submit, 0, 2));
        for (var second = 0; second < 5; second++)
        {
            fleet.LiveOneSecond();
        }

        var job = fleet.Job("job-0");
        var gang = job.State.Gang.Select(member => member.Node).ToArray();
        foreach (var host in fleet.Hosts.Where(host => gang.Take(cutOff).Contains(host.Name)))
        {
            host.IsCutOff = true;
        }

        for (var second = 0; second < seconds; second++)
        {
            fleet.Step("job-0");
            fleet.Settle();
            fleet.Pass(1);
            fleet.Settle();
        }

        job.State.Attempt.ShouldBe(2, FleetWatch.Describe(fleet));
        job.State.Gang.Select(member => member.Node).ShouldNotContain(gang[0]);
        job.State.Incidents[^1].Cause.Code.ShouldBe("host_lost");
        fleet.Step("job-0");
        fleet.Settle();
        job.State.OpenIncident.ShouldBeNull("it trains again");
    }

    private static bool IsAtRest(VirtualFleet fleet) =>
        fleet.Jobs.All(job => job.State.Spec is null || (job.State.Phase.IsEnded() && job.State.ToRelease.IsEmpty))
        && fleet.Nodes.All(node => node.State.IsAvailable)
        && fleet.Pool.State.Waiting.IsEmpty
        && fleet.Hosts.All(host => !host.Running.Any());

    private static string Print(FleetStep[] steps) => $"[{string.Join(", ", steps)}]";
}
