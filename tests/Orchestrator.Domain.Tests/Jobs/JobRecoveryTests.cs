using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Jobs;

public sealed class JobRecoveryTests
{
    [Fact]
    public void RankCrash_RelaunchesOnTheSameNodesAndClosesItsIncident()
    {
        var job = AJob.Running().Steps(5).Exits("n1", AnExit.Crash());
        job.State.Phase.ShouldBe(JobPhase.Pausing);

        job.Stops();
        job.State.Phase.ShouldBe(JobPhase.Preparing);
        job.State.Attempt.ShouldBe(2);
        job.Prepares().Starts().Steps(6);

        job.Incident.Phase.ShouldBe(IncidentPhase.Resolved);
        job.Incident.Action!.Code.ShouldBe("relaunch_same_nodes");
        job.Incident.Node.ShouldBe("n1");
        job.Incident.NextAttempt.ShouldBe(2);
    }

    [Fact]
    public void RanksThatTellNoSteps_ANewCheckpointClosesTheIncident()
    {
        var job = AJob.Running().Saves(100).Exits("n1", AnExit.Crash()).Stops().Prepares().Starts();
        job.Incident.IsOpen.ShouldBeTrue("what it resumed from proves nothing of this attempt");

        job.Saves(200);

        job.Incident.Phase.ShouldBe(IncidentPhase.Resolved);
        job.Incident.Timeline.Last().ShouldBe(
            new TimelineEntry(job.Now, TimelineEvents.FirstNewStep, "checkpoint of step 200"));
    }

    [Fact]
    public void HostLost_IsReplacedAndItsLeaseGoesBackAtOnce()
    {
        var job = AJob.Running().Loses("n1").Stops();

        job.State.Phase.ShouldBe(JobPhase.Replacing);
        JobPlacement.Needed(job).ShouldBe(1);
        job.State.ToRelease.ShouldBe([new HeldLease("n1", 2)], "a returned host could never serve again otherwise");
        job.Releases().Granted();
        job.State.Gang.Select(member => member.Node).ShouldBe(["n0", "n2"]);
        job.State.ToRelease.ShouldBeEmpty();
        job.Incident.Replacements.ShouldBe(["n2"]);
    }

    [Fact]
    public void HostLostWhileWaiting_IsReplacedToo()
    {
        var job = AJob.Running().Loses("n1").Stops().Loses("n0");

        JobPlacement.Needed(job).ShouldBe(2);
        job.State.ToRelease.Length.ShouldBe(2);
    }

    [Fact]
    public void DeviceFailed_IsStillTheCauseAfterItsCordonWasLifted()
    {
        var job = AJob.Running().Quarantines("n1").Regains("n1").Stops();

        job.Incident.Cause.Code.ShouldBe("device_failed");
        job.State.Phase.ShouldBe(JobPhase.Preparing, "its owner says that the host can serve again");
    }

    [Fact]
    public void DeviceFailed_OnAHostWhoseRanksHaveFinished_DoesNotStopTheOthers() =>
        AJob.Running().Exits("n1", AnExit.Clean).Quarantines("n1").State.Phase.ShouldBe(JobPhase.Running);

    [Fact]
    public void LaunchUnanswered_PausesAfterItsDeadlineAndBlamesTheHost()
    {
        var job = AJob.OnNodes().Granted().Prepares().After(Timings.Launch);

        job.State.Phase.ShouldBe(JobPhase.Pausing);
        job.Incident.Cause.Code.ShouldBe("order_overdue");
    }

    [Fact]
    public void LaunchUnanswered_WhereNoOtherNodeIsFree_IsTriedAgainOnTheSame()
    {
        var job = AJob.OnNodes().Granted().Prepares().After(Timings.Launch).Stops().WaitsForNodes();

        job.State.Phase.ShouldBe(JobPhase.Preparing);
        job.State.Attempt.ShouldBe(2);
    }

    [Fact]
    public void LaunchRefused_BlamesTheOrderEvenAfterTheStopReplacedIt()
    {
        var refusal = new Reason("launch_failed", "A rank could not be started: no such file.");
        var job = AJob.OnNodes().Granted().Prepares().Hears("n1", report => report with { OrderRefusal = refusal });
        job.State.Phase.ShouldBe(JobPhase.Pausing);

        job.Hears("n1", report => report with { OrderRefusal = null }).Stops();

        job.Incident.Cause.ShouldBe(refusal);
        job.State.Gang.Single(member => member.Replacement == Replacement.Preferred).Node.ShouldBe("n1");
    }

    [Fact]
    public void LaunchRefusedForItsCheckpoint_GivesThatUpAndNotTheHost()
    {
        var reason = new Reason("shard_hash_differs", "The file is not what was saved.");
        var job = AJob.Running().Steps(5).Saves(5).Exits("n1", AnExit.Crash()).Stops().Prepares();
        var fault = new RestoreFault(2, job.State.ResumeFrom!.Id, reason);

        job.Hears("n1", report => report with { RestoreFault = fault, OrderRefusal = reason }).Stops();

        job.Incident.Cause.Code.ShouldBe("checkpoint_unusable");
        job.State.Gang.ShouldAllBe(member => member.Replacement == Replacement.None);
        job.State.ResumeFrom.ShouldBeNull();
    }

    [Fact]
    public void StopUnanswered_HostIsConvicted()
    {
        var job = AJob.Running().Exits("n0", AnExit.Crash()).Stops("n0").After(Timings.Stop);

        var (member, reason) = JobOrders.Convictions(job).ShouldHaveSingleItem();
        member.Node.ShouldBe("n1");
        reason.Code.ShouldBe("stop_overdue");
    }

    [Fact]
    public void StopUnanswered_ButTheHostIsSilent_WaitsForItsLease() =>
        JobOrders.Convictions(AJob.Running().Exits("n0", AnExit.Crash()).Stops("n0").LosesContact("n1")
            .After(Timings.Stop)).ShouldBeEmpty();

    [Fact]
    public void RanksEndedByAStopThatNobodyAskedFor_AreStartedAgain() =>
        AJob.Running().Exits("n1", AnExit.Stopped).State.Phase.ShouldBe(JobPhase.Pausing);

    [Fact]
    public void CheckpointDamaged_TheOneBeforeItIsTried()
    {
        var job = AJob.Running().Saves(10).Saves(20).Exits("n0", AnExit.Crash()).Stops();
        job.State.ResumeFrom!.Step.ShouldBe(20);

        job.Prepares(new Reason("checkpoint_damaged", "Step 20."));
        job.State.ResumeFrom!.Step.ShouldBe(10);
        job.Prepares(new Reason("checkpoint_damaged", "Step 10."));
        job.State.ResumeFrom.ShouldBeNull();
        job.Prepares().State.Phase.ShouldBe(JobPhase.Launching);
        job.Incident.Timeline.Where(entry => entry.Event == TimelineEvents.CheckpointRefused)
            .Select(entry => entry.Detail)
            .ShouldBe(["step 20 of attempt 1: Step 20.", "step 10 of attempt 1: Step 10."]);
        job.Incident.Timeline[^1].Detail.ShouldStartWith("from nothing");
    }

    [Fact]
    public void CheckpointFault_WhereNothingIsResumed_IsNotAFault() =>
        AJob.OnNodes().Granted().Prepares(new Reason("odd", "Nothing to verify.")).State.Phase
            .ShouldBe(JobPhase.Launching);

    [Fact]
    public void Cancel_WhileRunning_StopsWithGraceAndGivesEverythingBack()
    {
        var job = AJob.Running().Cancels();
        JobOrders.Due(job).ShouldAllBe(due => ((StopOrder)due.Order.Body).Grace == job.State.Spec!.StopGrace);

        job.Stops();

        job.State.Phase.ShouldBe(JobPhase.Cancelled);
        job.State.ToRelease.Length.ShouldBe(2);
        job.Releases().State.ToRelease.ShouldBeEmpty();
    }

    [Fact]
    public void Cancel_WhileReplacing_EndsAtOnceAndGivesEachLeaseBackOnce()
    {
        var job = AJob.Running().Loses("n1").Stops().Cancels();

        job.State.Phase.ShouldBe(JobPhase.Cancelled);
        job.State.ToRelease.Select(lease => lease.Node).ShouldBe(["n0", "n1"], ignoreOrder: true);
        job.Incident.Phase.ShouldBe(IncidentPhase.Abandoned);
    }

    [Fact]
    public void AllRanksFinish_SucceedsAndGivesEverythingBack()
    {
        var job = AJob.Running().Exits("n0", AnExit.Clean).Exits("n1", AnExit.Clean);

        job.State.Phase.ShouldBe(JobPhase.Succeeded);
        job.State.ToRelease.Length.ShouldBe(2);
    }

    [Fact]
    public void Pausing_OrdersStopsAndNothingElse() =>
        JobOrders.Due(AJob.Running().Exits("n0", AnExit.Crash()))
            .ShouldAllBe(due => due.Order.Body is StopOrder && due.Order.Attempt == 1);

    [Fact]
    public void LaunchOrders_NumberTheRanksByPosition()
    {
        var job = AJob.OnNodes(2, spec => spec with { RanksPerNode = 2 }).Granted().Prepares();

        JobOrders.Due(job).Select(due => ((LaunchOrder)due.Order.Body).Ranks.ToArray())
            .ShouldBe([[0, 1], [2, 3]]);
        job.Hears("n0", report => report with { Phase = NodePhase.Active });
        JobOrders.Due(job).Select(due => due.Node).ShouldBe(["n0", "n1"], "no process was reported yet");
    }

    [Fact]
    public void FirstStep_AfterManyFailuresWithoutOne_ClosesEveryIncidentWhereItCanBeTold()
    {
        var job = AJob.Running();
        for (var failure = 0; failure < Limits.OpenIncidents; failure++)
        {
            job.Exits("n0", AnExit.LostPeer()).Stops().After(Timings.LongestBackOff).Prepares().Starts();
        }

        var open = job.State.Incidents.Where(incident => incident.IsOpen).Select(incident => incident.Id).ToArray();
        job.Steps(1);

        open.Length.ShouldBe(Limits.OpenIncidents);
        job.State.Incidents.Where(incident => !incident.IsOpen).Select(incident => incident.Id).ShouldBe(open);
    }
}
