using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Nodes;

public sealed class DrainProgressTests
{
    [Fact]
    public void Of_NobodyDrainsIt_IsNothing()
    {
        DrainProgress.Of(ANode.Warm(), null).ShouldBeNull();
        DrainProgress.Of(ANode.Warm().Judged(), null).ShouldBeNull("its state says why it takes no work");
    }

    [Fact]
    public void Of_FreeNode_IsDone() => CodeOf(ANode.Warm().Drained(), null).ShouldBe("drained");

    [Fact]
    public void Of_NodeWithAJobThatStays_NamesIt() => DrainProgress.Of(ANode.Warm().Active().Drained(), null)!.Sentence
        .ShouldBe("job keeps it until it ends or is launched anew for another reason.");

    [Fact]
    public void Of_NodeThatItsJobGaveBack_EndsWhatIsLeft()
    {
        var node = ANode.Warm().Active().Drained();
        NodeLeasing.Order(node, AnOrder.Release(1), node.Now).State.Lease!.Phase.ShouldBe(LeasePhase.Releasing);
        CodeOf(NodeLeasing.Order(node, AnOrder.Release(1), node.Now).State, null).ShouldBe("drain_ends_ranks");
    }

    [Fact]
    public void Of_NodeWhoseJobIsToMove_SaysWhatItWaitsFor()
    {
        var node = ANode.Warm().Active().Drained(movesJob: true).State;
        CodeOf(node, AJob.OnNodes().Granted()).ShouldBe("drain_waits_for_run");

        var job = AJob.Running().Drains("n0").WaitsForNodes();
        DrainProgress.Of(node, job)!.Sentence.ShouldBe("job runs on until it can be moved. None is free.");
        DrainProgress.Of(node, job.Granted())!.Sentence.ShouldBe("job is being stopped, and goes on with n2.");
    }

    private static string CodeOf(NodeState node, JobState? job) => DrainProgress.Of(node, job)!.Code;
}
