using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Jobs;

public sealed class JobRelocationTests
{
    [Fact]
    public void Drain_WithoutMoving_TheJobKeepsItsNode()
    {
        var job = AJob.Running().Drains("n1", movesJob: false);
        job.State.Phase.ShouldBe(JobPhase.Running);
        JobPlacement.Needed(job).ShouldBe(0);
    }

    [Fact]
    public void Drain_WithoutMoving_TheNextLaunchPrefersAnotherNode()
    {
        var job = AJob.Running().Drains("n1", movesJob: false).Exits("n0", AnExit.Crash()).Stops();
        job.State.Phase.ShouldBe(JobPhase.Replacing);
        job.Granted().State.Gang.Select(member => member.Node).ShouldBe(["n0", "n2"]);
    }

    [Fact]
    public void Drain_WithoutMovingAndNoneFree_TheNextLaunchUsesTheDrainedNode()
    {
        var job = AJob.Running().Drains("n1", movesJob: false).Exits("n0", AnExit.Crash()).Stops().WaitsForNodes();
        job.State.Phase.ShouldBe(JobPhase.Preparing);
        job.State.Gang.Select(member => member.Node).ShouldBe(["n0", "n1"]);
    }

    [Fact]
    public void Drain_OneNodeAndAnotherIsLost_WaitsForTheLostOneOnly()
    {
        var job = AJob.Running(nodes: 3).Drains("n1", movesJob: false).Loses("n2").Stops();
        JobPlacement.Needed(job).ShouldBe(2);
        job.WaitsForNodes();
        job.State.Phase.ShouldBe(JobPhase.Replacing);
        JobPlacement.Needed(job).ShouldBe(1, "a drained node is better than to wait");
    }

    [Fact]
    public void DrainNow_NoNodeFree_TheJobRunsOn()
    {
        var job = AJob.Running().Drains("n1");
        JobPlacement.Needed(job).ShouldBe(1);
        job.WaitsForNodes().WaitsForNodes();

        job.State.Phase.ShouldBe(JobPhase.Running);
        job.State.Incidents.ShouldBeEmpty();
        JobOrders.Due(job).ShouldBeEmpty();
        job.State.Gang[1].RelocationWait!.Code.ShouldBe("not_enough_nodes");
        job.Resumes("n1").State.Gang[1].RelocationWait.ShouldBeNull();
        JobPlacement.Needed(job).ShouldBe(0);
    }

    [Fact]
    public void DrainNow_NodeLeased_IsStoppedWithGraceAndGoesOnWithIt()
    {
        var job = AJob.Running().Saves(10).Drains("n1").Granted();
        job.State.Phase.ShouldBe(JobPhase.Pausing);
        JobOrders.Due(job).Count().ShouldBe(2);
        JobOrders.Due(job).ShouldAllBe(due => ((StopOrder)due.Order.Body).Grace == job.State.Spec!.StopGrace);
        job.State.Deadline.ShouldBe(job.Now + job.State.Spec!.StopGrace + Timings.Stop);

        job.Stops();
        job.State.Phase.ShouldBe(JobPhase.Preparing);
        job.State.Attempt.ShouldBe(2);
        job.State.Gang.Select(member => member.Node).ShouldBe(["n0", "n2"]);
        job.State.ResumeFrom!.Step.ShouldBe(10);
        job.State.ToRelease.ShouldBe([new HeldLease("n1", 2)]);
    }

    [Fact]
    public void DrainNow_Moved_TheIncidentSaysWhoAskedAndWhy()
    {
        var job = AJob.Running().Steps(5).Drains("n1").Granted().Stops().Prepares().Starts().Steps(6);
        job.Incident.Phase.ShouldBe(IncidentPhase.Resolved);
        job.Incident.Cause.ShouldBe(new Reason("drained", "n1 was drained by operator: Fan."));
        job.Incident.Action!.Sentence.ShouldBe("Go on with n2, leased before the ranks were stopped.");
        job.Incident.Node.ShouldBe("n1");
        job.Incident.Replacements.ShouldBe(["n2"]);
        job.Incident.Evidence.ShouldContain(evidence => evidence.Kind == "drained");
    }

    [Fact]
    public void DrainNow_RanksFailWhileTheyAreStopped_IsNobodysFault()
    {
        var job = AJob.Running().Drains("n1").Granted().Exits("n0", AnExit.Crash()).Stops();
        job.Incident.Cause.Code.ShouldBe("drained");
        job.State.FruitlessAttempts.ShouldBe(0);
        job.State.LastCrashNode.ShouldBeNull();
    }

    [Fact]
    public void DrainNow_HostSilentWhileItsPeersAreStopped_IsNotConvictedByTheirLastWords() =>
        JobOrders.Convictions(AJob.Running(nodes: 3).Drains("n1").Granted().LosesContact("n2")
            .Exits("n0", AnExit.LostPeer())).ShouldBeEmpty();

    [Fact]
    public void DrainNow_SeveralNodes_AreMovedAtOnce()
    {
        var job = AJob.Running(nodes: 3).Drains("n0").Drains("n2");
        JobPlacement.Needed(job).ShouldBe(2);
        job.Granted().Stops().State.Gang.Select(member => member.Node).ShouldBe(["n3", "n1", "n4"]);
        job.State.IncidentCount.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DrainNow_GangNotWhole_IsNotMoved(bool isSilent)
    {
        var job = AJob.Running().Drains("n1");
        job = isSilent ? job.LosesContact("n0") : job.Exits("n0", AnExit.Clean);
        JobPlacement.Needed(job).ShouldBe(0);
        AJob.OnNodes().Granted().Drains("n1").State.Phase.ShouldBe(JobPhase.Preparing);
    }

    [Fact]
    public void DrainNow_SuccessorLostBeforeTheStop_TheOldNodeServesWhereNoneIsFree()
    {
        var job = AJob.Running().Drains("n1").Granted();
        job.Becomes(JobReports.Take(job, Successor(isRevoked: true), job.Now));
        job.State.ToRelease.ShouldBe([new HeldLease("n2", 3)]);

        job.Stops().State.Phase.ShouldBe(JobPhase.Replacing);
        job.WaitsForNodes();
        job.State.Phase.ShouldBe(JobPhase.Preparing, "a drain never keeps a job stopped");
        job.State.Gang.Select(member => member.Node).ShouldBe(["n0", "n1"]);
    }

    [Fact]
    public void DrainNow_SuccessorReports_IsNotDisowned()
    {
        var job = AJob.Running().Drains("n1").Granted();
        JobReports.Take(job, Successor(isRevoked: false), job.Now).ShouldBeSameAs(job.State);
    }

    [Fact]
    public void DrainNow_CancelledMeanwhile_GivesTheSuccessorBackToo()
    {
        var job = AJob.Running().Drains("n1").Granted().Cancels().Stops();
        job.State.Phase.ShouldBe(JobPhase.Cancelled);
        job.State.ToRelease.Select(lease => lease.Node).ShouldBe(["n2", "n0", "n1"], ignoreOrder: true);
    }

    [Fact]
    public void DrainNow_AnotherHostIsLostMeanwhile_BothAreReplaced()
    {
        var job = AJob.Running(nodes: 3).Drains("n1").Granted().Loses("n2").Stops();
        job.State.Phase.ShouldBe(JobPhase.Replacing);
        job.Granted().State.Gang.Select(member => member.Node).ShouldBe(["n0", "n3", "n4"]);
        job.Incident.Replacements.ShouldBe(["n3", "n4"]);
    }

    private static LeaseReport Successor(bool isRevoked) => new()
    {
        Node = "n2",
        LeaseNumber = 3,
        Version = 1,
        Phase = isRevoked ? NodePhase.Lost : NodePhase.Assigned,
        Reason = new Reason("leased", "Leased to job."),
        IsConnected = !isRevoked,
        IsRevoked = isRevoked,
        NewsAt = Moments.Start,
    };
}
