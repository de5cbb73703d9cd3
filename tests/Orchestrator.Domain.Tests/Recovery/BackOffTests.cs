using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Recovery;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Recovery;

public sealed class BackOffTests
{
    private static readonly Reason Refusal = new("launch_failed", "Rank 0 could not be started: no space left.");

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 4)]
    [InlineData(8, 32)]
    [InlineData(9, 60)]
    [InlineData(int.MaxValue, 60)]
    public void Wait_AfterAttemptsWithoutProgress_DoublesUpToItsLimit(int attempts, int seconds) =>
        BackOff.Wait(attempts).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void PeersLostAgainAndAgain_WaitsLongerEachTimeAndNeverStops()
    {
        var job = AJob.Running(2, spec => spec with { StopAfterNoProgress = 1 });
        int[] waits = [0, 0, 1, 2, 4, 8, 16, 32, 60, 60];
        foreach (var seconds in waits)
        {
            job.Exits("n0", AnExit.LostPeer()).Stops();
            WaitsOut(job).TotalSeconds.ShouldBe(seconds);
            job.Prepares().Starts();
        }

        job.State.Phase.ShouldBe(JobPhase.Running);
        job.State.BarrenAttempts.ShouldBe(waits.Length);
    }

    [Fact]
    public void LaunchRefusedByEveryNode_IsTriedMoreSlowlyAndSaysWhy()
    {
        var job = AJob.OnNodes().Granted();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            job.Prepares().Hears("n0", report => report with { OrderRefusal = Refusal })
                .Hears("n0", report => report with { OrderRefusal = null }).Stops();
            if (attempt < 3)
            {
                job.State.Phase.ShouldBe(JobPhase.Replacing);
                job.WaitsForNodes().State.Phase.ShouldBe(JobPhase.Preparing, "the host may take it the next time");
            }
        }

        job.State.Phase.ShouldBe(JobPhase.BackingOff);
        job.State.Reason.ShouldBe(new Reason(
            "backing_off",
            "Waits 1 s before attempt 4: 3 attempts in a row made no progress. "
            + "Rank 0 could not be started: no space left."));
        job.Incident.When(TimelineEvents.BackedOff).ShouldBe(job.Now);
        job.After(TimeSpan.FromSeconds(1)).State.Phase.ShouldBe(JobPhase.Replacing);
        job.Incident.Action!.Code.ShouldBe("replace_nodes");
    }

    [Fact]
    public void BackingOff_OrdersNothingAndAsksForNoNodes()
    {
        var job = Waiting(attempts: 5);

        JobOrders.Due(job).ShouldBeEmpty();
        JobPlacement.Needed(job).ShouldBe(0);
        job.After(TimeSpan.FromSeconds(3.9)).State.Phase.ShouldBe(JobPhase.BackingOff);
        job.After(TimeSpan.FromSeconds(0.1)).State.Attempt.ShouldBe(6);
    }

    [Fact]
    public void Reload_WhileBackingOff_TheWaitBeginsAgain()
    {
        var job = Waiting(attempts: 5).After(TimeSpan.FromSeconds(3));

        job.Becomes(JobReports.Reload(job, job.Now));

        job.After(TimeSpan.FromSeconds(3.9)).State.Phase.ShouldBe(JobPhase.BackingOff);
        job.After(TimeSpan.FromSeconds(0.1)).State.Phase.ShouldBe(JobPhase.Preparing);
    }

    [Fact]
    public void Cancel_WhileBackingOff_EndsAtOnceAndGivesEverythingBack()
    {
        var job = Waiting(attempts: 9).Cancels();

        job.State.Phase.ShouldBe(JobPhase.Cancelled);
        job.State.ToRelease.Length.ShouldBe(2);
        job.State.OpenIncident.ShouldBeNull();
    }

    [Fact]
    public void HostLost_WhileBackingOff_IsReplacedAfterTheWait()
    {
        var job = Waiting(attempts: 3).Loses("n1");

        job.State.ToRelease.ShouldHaveSingleItem().Node.ShouldBe("n1");
        job.After(TimeSpan.FromSeconds(1)).State.Phase.ShouldBe(JobPhase.Replacing);
    }

    [Fact]
    public void HostLost_AfterManyAttemptsWithoutProgress_IsReplacedAtOnce()
    {
        var job = Waiting(attempts: 5);
        WaitsOut(job);

        job.Prepares().Starts().Loses("n1").Stops();

        job.State.Phase.ShouldBe(JobPhase.Replacing, "the next launch does not meet a lost host again");
        job.State.BarrenAttempts.ShouldBe(5);
    }

    [Fact]
    public void Progress_EndsTheCount()
    {
        var job = Waiting(attempts: 5);
        WaitsOut(job);

        job.Prepares().Starts().Steps(1).Exits("n0", AnExit.LostPeer()).Stops();

        job.State.Phase.ShouldBe(JobPhase.Preparing);
        job.State.BarrenAttempts.ShouldBe(0);
    }

    /// <summary>A job that waits after so many attempts without progress.</summary>
    private static AJob Waiting(int attempts)
    {
        var job = AJob.Running();
        for (var attempt = 1; attempt <= attempts; attempt++)
        {
            WaitsOut(job);
            if (attempt > 1)
            {
                job.Prepares().Starts();
            }

            job.Exits("n0", AnExit.LostPeer()).Stops();
        }

        job.State.Phase.ShouldBe(JobPhase.BackingOff);
        return job;
    }

    private static TimeSpan WaitsOut(AJob job)
    {
        var before = job.Now;
        return job.WaitsOut().Now - before;
    }
}
