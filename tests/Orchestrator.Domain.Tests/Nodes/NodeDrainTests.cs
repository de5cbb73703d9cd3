using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Nodes;

public sealed class NodeDrainTests
{
    [Fact]
    public void Drain_FreeNode_GetsNoJobUntilItIsResumed()
    {
        var node = ANode.Warm().Drained();
        node.State.IsAvailable.ShouldBeFalse();
        NodeLeasing.Grant(node, "job", Timings.Lease, node.Now).Refusal!.Sentence
            .ShouldBe("n0 is cordoned by operator: Fan.");

        node.Resumed().State.IsAvailable.ShouldBeTrue();
        node.State.History.TakeLast(2).Select(step => (step.From, step.To, step.Reason.Sentence)).ShouldBe(
        [
            (NodePhase.Warm, NodePhase.Warm, "Drained by operator: Fan."),
            (NodePhase.Warm, NodePhase.Warm, "Resumed by operator: Done."),
        ]);
    }

    [Fact]
    public void Drain_LeasedNode_ItsJobHearsOfItAndOfItsEnd()
    {
        var node = ANode.Warm().Active();
        var known = NodeLeasing.Report(node).Version;

        var report = NodeLeasing.Report(node.Drained(movesJob: true));
        report.Version.ShouldBeGreaterThan(known, "the job would drop what it takes for known");
        report.Cordon!.MovesJob.ShouldBeTrue();
        node.State.Phase.ShouldBe(NodePhase.Active);

        var resumed = NodeLeasing.Report(node.Resumed());
        resumed.Version.ShouldBeGreaterThan(report.Version);
        resumed.Cordon.ShouldBeNull();
    }

    [Fact]
    public void Drain_Again_ChangesNothing()
    {
        var node = ANode.Warm().Drained();
        NodeDrain.Drain(node, "operator", " Fan. ", movesJob: false, Moments.At(60)).State.ShouldBeSameAs(node.State);
    }

    [Fact]
    public void Drain_AgainWithoutMoving_DoesNotTakeTheMoveBack()
    {
        var node = ANode.Warm().Drained(movesJob: true);
        NodeDrain.Drain(node, "operator", "Fan.", movesJob: false, node.Now).State.ShouldBeSameAs(node.State);
    }

    [Fact]
    public void Drain_AgainWithAnotherReason_KeepsSinceWhen()
    {
        var node = ANode.Warm().Drained();
        var again = NodeDrain.Drain(node, "operator", "Disk.", movesJob: true, Moments.At(60)).State;

        again.Cordons.ShouldHaveSingleItem()
            .ShouldBe(new Cordon("operator", new Reason("drained", "Disk."), Moments.Start, MovesJob: true));
    }

    [Theory]
    [InlineData("", "operator", "invalid_reason")]
    [InlineData("   ", "operator", "invalid_reason")]
    [InlineData("two\nlines", "operator", "invalid_reason")]
    [InlineData("Fan.", "orchestrator", "invalid_owner")]
    [InlineData("Fan.", "Some One", "invalid_owner")]
    public void DrainAndResume_BadRequest_IsRefused(string reason, string owner, string code)
    {
        var node = ANode.Warm();
        NodeDrain.Drain(node, owner, reason, movesJob: false, node.Now).Refusal!.Code.ShouldBe(code);
        NodeDrain.Resume(node, owner, reason, isForced: true, node.Now).Refusal!.Code.ShouldBe(code);
    }

    [Fact]
    public void Drain_ReasonTooLong_SaysHowLongItMayBe()
    {
        var node = ANode.Warm();
        NodeDrain.Drain(node, "operator", new string('x', Limits.ReasonLength), false, node.Now).Refusal.ShouldBeNull();
        NodeDrain.Drain(node, "operator", new string('x', 201), false, node.Now).Refusal!.Sentence
            .ShouldBe("The reason must be one line of 1 to 200 letters; it has 201.");
    }

    [Fact]
    public void Drain_NodeThatNeverAttached_IsRefused() => NodeDrain
        .Drain(new NodeState(), "operator", "Fan.", movesJob: false, Moments.Start).Refusal!.Code
        .ShouldBe("no_such_node");

    [Fact]
    public void Resume_WithoutAnyCordon_ChangesNothing()
    {
        var node = ANode.Warm();
        var decision = NodeDrain.Resume(node, "operator", "Done.", isForced: false, node.Now);
        decision.Refusal.ShouldBeNull();
        decision.State.ShouldBeSameAs(node.State);
    }

    [Fact]
    public void Resume_CordonOfAnother_IsRefusedEvenByForce()
    {
        var node = ANode.Warm().Drained(owner: "slurm");
        foreach (var isForced in new[] { false, true })
        {
            var decision = NodeDrain.Resume(node, "operator", "Done.", isForced, node.Now);
            decision.Refusal!.Sentence.ShouldBe(
                "n0 has no cordon of operator, but one of slurm: Fan. Only slurm lifts it.");
            decision.State.ShouldBeSameAs(node.State);
        }

        node.Resumed(owner: "slurm").State.IsAvailable.ShouldBeTrue();
    }

    [Fact]
    public void Resume_Quarantined_NeedsForceAndIsRecordedWithTheReason()
    {
        var node = ANode.Warm().Judged();
        NodeDrain.Resume(node, "operator", "Swapped.", isForced: false, node.Now).Refusal!.Code
            .ShouldBe("cordoned_by_other");

        node.Resumed(isForced: true).State.IsAvailable.ShouldBeTrue();
        node.State.History.ShouldContain(step => step.From == NodePhase.Quarantined
            && step.Reason.Sentence == "operator lifted the cordon of orchestrator by force: Done.");
    }

    [Fact]
    public void Resume_ByForceWhatTheOperatorDrainedToo_LiftsBoth()
    {
        var node = ANode.Warm().Drained().Judged();
        node.Resumed();
        node.State.Phase.ShouldBe(NodePhase.Quarantined, "its own cordon is not the operator's to lift without force");
        ANode.Warm().Drained().Judged().Resumed(isForced: true).State.Cordons.ShouldBeEmpty();
    }
}
