using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Nodes;

public sealed class NodeFitnessTests
{
    [Fact]
    public void SetCordon_ByAnOperator_NoJobGetsTheNode()
    {
        var decision = NodeLeasing.Grant(ANode.Warm().Cordoned("operator"), "job", Timings.Lease, Moments.Start);

        decision.Refusal!.Sentence.ShouldBe("n0 is cordoned by operator: Maintenance.");
    }

    [Fact]
    public void SetCordon_Again_ChangesNothing()
    {
        var node = ANode.Warm().Cordoned("operator");

        NodeFitness.SetCordon(node, node.State.Cordons[0]).ShouldBeSameAs(node.State);
    }

    [Fact]
    public void LiftCordon_OfAnotherOwner_IsRefused()
    {
        var node = ANode.Warm().Cordoned("slurm");

        var decision = NodeFitness.LiftCordon(node, "operator", new Reason("done", "Done."), node.Now);

        decision.Refusal!.Code.ShouldBe("no_such_cordon");
        decision.State.ShouldBeSameAs(node.State);
    }

    [Fact]
    public void LiftCordon_WithAnotherOwnersLeft_StaysQuarantined()
    {
        var node = ANode.Warm().Judged().Cordoned("operator");

        node.Lifted(Cordon.Ours).State.Phase.ShouldBe(NodePhase.Quarantined);
        node.Lifted("operator").State.IsAvailable.ShouldBeTrue();
    }

    [Fact]
    public void LiftCordon_WhileAJobHoldsTheNode_ItGoesOnWithIt()
    {
        var node = ANode.Warm().Active().Judged();

        node.Lifted(Cordon.Ours);

        node.State.Phase.ShouldBe(NodePhase.Active);
        node.After(Timings.Validation).State.Phase.ShouldBe(NodePhase.Active);
    }

    [Fact]
    public void LiftCordon_OfARetiredNode_WaitsForItsAgentOnlyWhereItIsNotAttached()
    {
        Retired().Lifted(Cordon.Ours).State.IsAvailable.ShouldBeTrue();
        Retired().LosesContact().Lifted(Cordon.Ours).State.Phase.ShouldBe(NodePhase.Joining);
    }

    [Fact]
    public void Judge_SameVerdictTwice_ChangesNothingTheSecondTime()
    {
        var node = ANode.Warm().Judged();
        var verdict = new DeviceVerdict("GPU-0", "n0", 1, true, new Reason("device_failed", "xid_79"), node.Now);

        NodeFitness.Judge(node, verdict, node.Now).ShouldBeSameAs(node.State);
    }

    [Fact]
    public void Judge_FatalWhileTheHostIsLost_IsNotForgottenWhenItReturns()
    {
        var node = ANode.Warm().Lost().Judged();

        node.Attaches();

        node.State.Phase.ShouldBe(NodePhase.Quarantined);
        node.State.Reason.Code.ShouldBe("device_failed");
    }

    [Fact]
    public void Attach_AfterARepair_LiftsOurCordonAndNoOther()
    {
        var node = ANode.Warm().Judged().Cordoned("provider").After(Timings.Quarantine);
        node.State.Phase.ShouldBe(NodePhase.Repairing);

        node.Reboots();

        node.State.Phase.ShouldBe(NodePhase.Warm);
        node.State.Cordons.ShouldHaveSingleItem().Owner.ShouldBe("provider");
    }

    private static ANode Retired() => ANode.Warm().Judged().After(Timings.Quarantine).After(Timings.Repair);
}
