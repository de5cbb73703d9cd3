using CsCheck;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Recovery;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Recovery;

public sealed class StandstillTests
{
    private static readonly TimeSpan FastStep = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData(0.1, 7)]
    [InlineData(1.4, 7)]
    [InlineData(2, 10)]
    [InlineData(60, 300)]
    public void Bound_OfAPace_IsFiveStepsButNeverBelowTheFloor(double secondsPerStep, double bound) =>
        Standstill.Bound(Told(50) with { UsualStep = TimeSpan.FromSeconds(secondsPerStep) })
            .ShouldBe(TimeSpan.FromSeconds(bound));

    [Fact]
    public void Convicted_SilentHostAndNoStepForTheBound_IsLostWithTheEvidenceInOneSentence()
    {
        var job = AJob.Running().LosesContact("n1");

        Convicted(job, stepAt: 0, heardAt: 7).ShouldBeEmpty("the bound is not over");
        var (member, reason) = Standstill.Convicted(job, Told(50, 0, 7.5)).ShouldHaveSingleItem();

        member.Node.ShouldBe("n1");
        reason.ShouldBe(new Reason(
            "host_lost",
            "n1 is lost: silent for 7.5 s, while training stands still since step 50, 7.5 s ago, where a step usually "
            + "takes 0.10 s."));
    }

    [Fact]
    public void Convicted_StepsAfterTheLoss_CountFromTheLastOfThem()
    {
        var job = AJob.Running().LosesContact("n1");

        Convicted(job, stepAt: 10, heardAt: 16).ShouldBeEmpty();
        Convicted(job, stepAt: 10, heardAt: 17.1).ShouldBe(["n1"]);
    }

    [Fact]
    public void Convicted_StandstillBeganBeforeTheLoss_CountsFromTheLoss()
    {
        var job = AJob.Running().After(TimeSpan.FromSeconds(60)).LosesContact("n1");

        Convicted(job, stepAt: 0, heardAt: 66).ShouldBeEmpty("a long step was under way when its agent went away");
        Convicted(job, stepAt: 0, heardAt: 67.1).ShouldBe(["n1"]);
    }

    [Fact]
    public void Convicted_VouchedBeforeAndThenStandingStill_IsFoundThoughTheNodeIsNotSuspect()
    {
        var job = AJob.Running().LosesContact("n1");
        job.Becomes(JobReports.SeeStep(job, 10, Moments.At(1)));
        JobOrders.Vouches(job, 12).ShouldHaveSingleItem();
        job.After(TimeSpan.FromSeconds(2))
            .Hears("n1", report => report with { Phase = Domain.Nodes.NodePhase.Active });
        job.State.Gang[1].SilentSince.ShouldBe(Moments.Start, "the vouch is no contact");

        Convicted(job, stepAt: 2, heardAt: 8).ShouldBeEmpty();
        Convicted(job, stepAt: 2, heardAt: 9.1).ShouldBe(["n1"]);
    }

    [Fact]
    public void Convicted_ContactCameBack_BeginsANewSilence()
    {
        var job = AJob.Running().LosesContact("n1").After(TimeSpan.FromSeconds(60)).Regains("n1");
        Convicted(job, stepAt: 0, heardAt: 60).ShouldBeEmpty("nobody is silent: the script itself stands still");

        job.LosesContact("n1");

        Convicted(job, stepAt: 0, heardAt: 66).ShouldBeEmpty();
    }

    [Fact]
    public void Convicted_SeveralSilentHosts_AreLostTogether() =>
        Convicted(AJob.Running(4).LosesContact("n1").LosesContact("n3"), stepAt: 0, heardAt: 8).ShouldBe(["n1", "n3"]);

    [Fact]
    public void Convicted_EveryHostSilent_NoWitnessIsLeft() =>
        Convicted(AJob.Running().LosesContact("n0").LosesContact("n1"), stepAt: 0, heardAt: 100).ShouldBeEmpty();

    [Fact]
    public void Convicted_NobodyHeardSince_NobodySawItStandStill() =>
        Convicted(AJob.Running(3).LosesContact("n1").After(TimeSpan.FromSeconds(60)), stepAt: 0, heardAt: 2)
            .ShouldBeEmpty();

    [Fact]
    public void Convicted_RanksOfTheSilentHostHaveFinished_ItMayGo() =>
        Convicted(AJob.Running().Exits("n1", AnExit.Clean).LosesContact("n1"), stepAt: 0, heardAt: 100).ShouldBeEmpty();

    [Fact]
    public void Convicted_WithoutAPaceOrInAnotherPhase_OnlyTheLeaseCounts()
    {
        var job = AJob.Running().LosesContact("n1");

        Standstill.Convicted(job, null).ShouldBeEmpty();
        Standstill.Convicted(job, Told(50, 0, 100) with { UsualStep = null }).ShouldBeEmpty();
        Standstill.Convicted(job, Told(50, 0, 100) with { IsTraining = false }).ShouldBeEmpty();
    }

    [Fact]
    public void Convicted_RanksThatDoNotWaitForEachOther_TellNothingOfOtherHosts() =>
        Convicted(
            AJob.Running(2, spec => spec with { IsSynchronous = false }).LosesContact("n1"), stepAt: 0, heardAt: 100)
            .ShouldBeEmpty();

    [Fact]
    public void Convicted_JobIsNotRunning_Nobody() =>
        Convicted(AJob.OnNodes().Granted().LosesContact("n1"), stepAt: 0, heardAt: 100).ShouldBeEmpty();

    /// <summary>The whole rule, said once more in other words.</summary>
    [Fact]
    public void AnyProgress_ConvictsExactlyTheSilentHostsOfAJobThatStandsStill() => Gen.Select(
        Gen.Bool.Array[3], Gen.Int[0, 200], Gen.Int[0, 200], Gen.Int[1, 50], Gen.Bool).Sample(
        (silent, stepTenths, heardTenths, stepLengthTenths, isTraining) =>
        {
            var job = AJob.Running(3);
            for (var host = 0; host < silent.Length; host++)
            {
                job = silent[host] ? job.LosesContact($"n{host}") : job;
            }

            var progress = Told(50, stepTenths / 10.0, heardTenths / 10.0) with
            {
                UsualStep = TimeSpan.FromSeconds(stepLengthTenths / 10.0),
                IsTraining = isTraining,
            };
            var standsStill = isTraining && heardTenths - stepTenths > Math.Max(70, 5 * stepLengthTenths);
            var wanted = standsStill && !silent.All(one => one)
                ? silent.Index().Where(one => one.Item).Select(one => $"n{one.Index}")
                : [];

            Standstill.Convicted(job, progress).Select(one => one.Member.Node).ShouldBe(wanted);
        },
        iter: 2_000);

    private static string[] Convicted(AJob job, double stepAt, double heardAt) =>
        [.. Standstill.Convicted(job, Told(50, stepAt, heardAt)).Select(one => one.Member.Node)];

    private static JobProgress Told(long step, double at = 0, double heardAt = 0) => new(step, Moments.At(at), 10)
    {
        HeardAt = Moments.At(heardAt),
        UsualStep = FastStep,
        IsTraining = true,
    };
}
