using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Jobs;

public sealed class JobReportsTests
{
    [Fact]
    public void Take_OlderOrRepeatedReport_ChangesNothing()
    {
        var job = AJob.Running();
        var known = job.State.Gang[0].Report!;

        JobReports.Take(job, known, job.Now).ShouldBeSameAs(job.State);
        JobReports.Take(job, known with { Version = known.Version - 1 }, job.Now).ShouldBeSameAs(job.State);
    }

    [Theory]
    [InlineData(JobPhase.Running)]
    [InlineData(JobPhase.Succeeded)]
    public void Take_ReportOfALeaseThatTheJobNeverHeardOf_GivesItBack(JobPhase phase)
    {
        var job = AJob.Running();
        if (phase == JobPhase.Succeeded)
        {
            job.Exits("n0", AnExit.Clean).Exits("n1", AnExit.Clean).Releases();
        }

        var report = job.State.Gang[0].Report! with { Node = "n9", LeaseNumber = 7 };
        job.Becomes(JobReports.Take(job, report, job.Now));

        job.State.Phase.ShouldBe(phase);
        job.State.ToRelease.ShouldBe([new HeldLease("n9", 7)]);
        JobReports.Take(job, report, job.Now).ShouldBeSameAs(job.State);
    }

    [Fact]
    public void Take_ReportOfALeaseThatWasGivenBack_GivesItBackAgain()
    {
        var job = AJob.Running().Exits("n0", AnExit.Clean).Exits("n1", AnExit.Clean).Releases();
        var report = job.State.Gang[0].Report!;

        job.Becomes(JobReports.Take(job, report with { Version = report.Version + 1 }, job.Now));

        job.State.ToRelease.ShouldBe([job.State.Gang[0].Held]);
    }

    [Fact]
    public void LoseLease_OfAMember_IsAFailureOfThatHost()
    {
        var job = AJob.Running();

        job.Becomes(JobReports.LoseLease(job, "n1", 2, new Reason("lease_mismatch", "Not yours."), job.Now));

        job.State.Phase.ShouldBe(JobPhase.Pausing);
        job.Incident.Node.ShouldBe("n1");
    }

    [Fact]
    public void SeeStep_TwoStepsAfterTheFirstSeenOne_VouchForASilentHost()
    {
        var job = AJob.Running().LosesContact("n1");

        Seen(job, 10);
        JobOrders.Vouches(job, 11).ShouldBeEmpty();
        JobOrders.Vouches(job, 12).ShouldHaveSingleItem().Member.Node.ShouldBe("n1");
    }

    [Fact]
    public void SeeStep_OfRanksThatDoNotWaitForEachOther_VouchesForNobody()
    {
        var job = AJob.Running(2, spec => spec with { IsSynchronous = false }).LosesContact("n1");

        Seen(job, 10);
        JobOrders.Vouches(job, 12).ShouldBeEmpty();
    }

    [Fact]
    public void SeeStep_ThatEndedBeforeContactWasLost_ProvesNothing()
    {
        var job = AJob.Running().LosesContact("n1");

        JobReports.SeeStep(job, 10, job.Now).ShouldBeSameAs(job.State);
    }

    [Fact]
    public void SeeStep_AfterAVouch_TheNextSuspicionNeedsNewSteps()
    {
        var job = AJob.Running().LosesContact("n1");
        Seen(job, 10);
        job.Hears("n1", report => report with { Phase = Domain.Nodes.NodePhase.Active })
            .LosesContact("n1");

        JobOrders.Vouches(job, 12).ShouldBeEmpty("no step was made since the host fell under suspicion again");
    }

    [Fact]
    public void Tick_WithoutAnySignal_ClosesEveryOpenIncidentAsUnconfirmed()
    {
        var job = AJob.Running().Exits("n0", AnExit.Crash()).Stops().Loses("n1").Stops().Releases().Granted()
            .Prepares().Starts();
        job.State.Incidents.Count(incident => incident.IsOpen).ShouldBe(2);

        job.After(Timings.Unconfirmed);

        job.State.Incidents.ShouldAllBe(incident => incident.Phase == IncidentPhase.Unconfirmed);
    }

    [Fact]
    public void Take_EndlessFailuresBeforeAnyStep_KeepABoundedRecord()
    {
        var job = AJob.Running();
        for (var round = 0; round < 40; round++)
        {
            job.Exits("n0", AnExit.LostPeer()).Stops().WaitsOut().Prepares().Starts();
        }

        job.State.IncidentCount.ShouldBe(40);
        job.State.Incidents.Length.ShouldBeLessThan(20);
    }

    [Fact]
    public void Reload_StartsTheDeadlineAgain()
    {
        var job = AJob.OnNodes().Granted();

        JobReports.Reload(job, job.Now + TimeSpan.FromHours(1)).Deadline
            .ShouldBe(job.Now + TimeSpan.FromHours(1) + Timings.Prepare);
    }

    private static void Seen(AJob job, long step) =>
        job.Becomes(JobReports.SeeStep(job, step, job.Now + Moments.Second));
}
