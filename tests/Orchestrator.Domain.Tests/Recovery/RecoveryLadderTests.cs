using CsCheck;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Recovery;

public sealed class RecoveryLadderTests
{
    [Fact]
    public void Crash_Once_RelaunchesOnTheSameNodes() =>
        AJob.Running().Exits("n1", AnExit.Crash()).Stops().State.Phase.ShouldBe(JobPhase.Preparing);

    [Fact]
    public void Crash_TwiceOnTheSameNode_PrefersAnother()
    {
        var job = CrashAgain(AJob.Running().Exits("n1", AnExit.Crash()).Stops());

        job.State.Phase.ShouldBe(JobPhase.Replacing);
        job.State.Gang.Single(member => member.Replacement == Replacement.Preferred).Node.ShouldBe("n1");
        job.WaitsForNodes().State.Phase.ShouldBe(JobPhase.Preparing, "the old node serves where none is free");
    }

    [Fact]
    public void Crash_AgainButElsewhere_IsNoRepeat() =>
        CrashAgain(AJob.Running().Exits("n0", AnExit.Crash()).Stops()).State.Phase.ShouldBe(JobPhase.Preparing);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Crash_WithoutProgress_StopsAfterExactlyTheAllowedNumber(int allowed)
    {
        var job = AJob.Running(2, spec => spec with { StopAfterNoProgress = allowed });
        for (var crash = 1; crash < allowed; crash++)
        {
            CrashFirst(job);
            GoOn(job);
            job.State.Phase.ShouldBe(JobPhase.Running, $"{crash} of {allowed} are not too many");
        }

        CrashFirst(job);

        job.State.Phase.ShouldBe(JobPhase.Failed);
        job.State.Reason.Code.ShouldBe("own_fault");
        job.State.Attempt.ShouldBe(allowed);
        job.State.Gang.Select(member => member.Held).Except(job.State.ToRelease).ShouldBeEmpty("it keeps a lease");
        job.State.OpenIncident.ShouldBeNull();
    }

    [Fact]
    public void Crash_AfterAHigherStep_BeginsToCountAnew()
    {
        var job = AJob.Running(2, spec => spec with { StopAfterNoProgress = 2 });
        for (var step = 1; step <= 10; step++)
        {
            CrashFirst(job.Steps(step));
            GoOn(job);
        }

        job.State.FruitlessAttempts.ShouldBe(0);
    }

    [Fact]
    public void LostHosts_NeverCountHoweverMany() => Gen.Int[1, 30].Sample(
        count =>
        {
            var job = AJob.Running(2, spec => spec with { StopAfterNoProgress = 1 });
            for (var lost = 0; lost < count; lost++)
            {
                job.Loses(job.State.Gang[lost % 2].Node).Stops();
                job.Releases();
                GoOn(job);
            }

            job.State.Phase.ShouldBe(JobPhase.Running);
            job.State.FruitlessAttempts.ShouldBe(0);
            job.State.Attempt.ShouldBe(count + 1);
        },
        iter: 20);

    [Fact]
    public void LostPeers_NeverCount()
    {
        var job = AJob.Running(2, spec => spec with { StopAfterNoProgress = 1 });
        for (var round = 0; round < 10; round++)
        {
            job.Exits("n0", AnExit.LostPeer()).Stops();
            GoOn(job);
        }

        job.State.Phase.ShouldBe(JobPhase.Running);
    }

    [Fact]
    public void DeviceFailed_ReplacesThatNodeOnlyAndTakesItsRanks()
    {
        var job = AJob.Running(3).Quarantines("n1").Stops().Releases().Granted();

        job.State.Gang.Select(member => (member.NodeRank, member.Node)).ShouldBe([(0, "n0"), (1, "n3"), (2, "n2")]);
        job.State.Attempt.ShouldBe(2);
    }

    private static AJob CrashFirst(AJob job) => job.Exits(job.State.Gang[0].Node, AnExit.Crash()).Stops();

    private static AJob CrashAgain(AJob job) => job.Prepares().Starts().Exits("n1", AnExit.Crash()).Stops();

    private static void GoOn(AJob job)
    {
        job.WaitsOut();
        if (job.State.Phase == JobPhase.Replacing)
        {
            job.Granted();
        }

        job.Prepares().Starts();
    }
}
