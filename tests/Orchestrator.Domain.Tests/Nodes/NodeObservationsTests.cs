using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Nodes;

public sealed class NodeObservationsTests
{
    public static TheoryData<NodeEvent> Events =>
    [
        new OrderAnswered("job/1/launch", null, Moments.Start),
        new RankStarted("job", 1, 0, 4711, Moments.Start),
        new FirstStepFinished("job", 1, 0, 1, Moments.Start, Moments.Start),
        new ShardStored("job", new(1, 10, new(0, "1/10/0", []), 1), Moments.Start),
        new RankExited("job", 1, 0, AnExit.Crash(), 12, Moments.Start),
        new GangStopped("job", 1, Moments.Start),
    ];

    [Theory]
    [MemberData(nameof(Events))]
    public void Take_TheSameEventTwice_ChangesNothingTheSecondTime(NodeEvent seen)
    {
        var node = ANode.Warm().Leased().Ordered(AnOrder.Launch(1)).Takes(seen);

        NodeObservations.Take(node, 1, seen).ShouldBeSameAs(node.State);
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void Take_EventOfAnotherSession_IsNotHeard(NodeEvent seen)
    {
        var node = ANode.Warm().Leased().Ordered(AnOrder.Launch(1)).Attaches();

        NodeObservations.Take(node, 1, seen).ShouldBeSameAs(node.State);
    }

    [Fact]
    public void Take_FirstRankStarted_NodeIsActive() => ANode.Warm().Active().State.Phase.ShouldBe(NodePhase.Active);

    [Fact]
    public void Take_PreparedOfTheCheckpointBefore_IsNoAnswerToTheNextPrepare()
    {
        var late = new AttemptPrepared("job", 1, 29500, new Reason("checkpoint_damaged", "Step 20."), Moments.Start);
        var node = ANode.Warm().Leased().Ordered(AnOrder.Prepare(1)).Takes(late);
        var state = NodeLeasing.Order(node, AnOrder.Prepare(1, round: 2), node.Now).State;

        NodeObservations.Take(state, 1, late).Lease!.Preparation!.OperationId.ShouldBe("job/1/prepare-1");
    }

    [Fact]
    public void Take_StopOfAnAttemptThatWasNeverOrdered_IsNotBelieved()
    {
        var node = ANode.Warm().Active().Takes(new GangStopped("job", int.MaxValue, Moments.Start));

        node.State.Lease!.StoppedAttempt.ShouldBe(0, "it would mean that every later attempt has ended, too");
    }

    [Fact]
    public void Take_ExitOfALostRank_StaysLost()
    {
        var node = ANode.Warm().Active().Convicted();

        NodeObservations.Take(node, 1, new RankExited("job", 1, 0, AnExit.Stopped, 3, node.Now))
            .ShouldBeSameAs(node.State);
    }

    [Fact]
    public void Take_RefusedOrder_TheJobHearsWhy()
    {
        var refusal = new Reason("launch_failed", "No such file.");

        NodeLeasing.Report(ANode.Warm().Leased().Ordered(AnOrder.Launch(1), refusal)).OrderRefusal.ShouldBe(refusal);
    }
}
