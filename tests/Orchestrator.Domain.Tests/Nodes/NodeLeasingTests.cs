using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Nodes;

public sealed class NodeLeasingTests
{
    [Fact]
    public void Grant_LeasedNode_IsRefused() =>
        NodeLeasing.Grant(ANode.Warm().Leased(), "other", Timings.Lease, Moments.Start)
            .Refusal!.Sentence.ShouldBe("n0 is leased to job.");

    [Fact]
    public void Grant_AfterAnAgentKnewAHigherNumber_RisesAboveIt() =>
        ANode.Unknown().AttachesAs(hello => hello with { LeaseNumber = 41 }).Leased().LeaseNumber.ShouldBe(42);

    [Theory]
    [InlineData("other", 1, 2, "lease_mismatch")]
    [InlineData("job", 2, 2, "lease_mismatch")]
    [InlineData("job", 1, 1, "attempt_over")]
    public void Order_OfAnotherJobLeaseOrAttempt_IsRefused(string job, long lease, int attempt, string code)
    {
        var node = ANode.Warm().Active(attempt: 2);

        var decision = NodeLeasing.Order(node, AnOrder.Launch(attempt, lease, job), node.Now);

        decision.Refusal!.Code.ShouldBe(code);
        decision.State.ShouldBeSameAs(node.State);
    }

    [Fact]
    public void Order_Repeated_ChangesNothing()
    {
        var node = ANode.Warm().Leased().Ordered(AnOrder.Launch(1));

        NodeLeasing.Order(node, AnOrder.Launch(1), node.Now).State.ShouldBeSameAs(node.State);
    }

    [Fact]
    public void Order_PrepareOfWhatIsLaunched_ChangesNothing()
    {
        var node = ANode.Warm().Active(attempt: 2);

        NodeLeasing.Order(node, AnOrder.Prepare(2), node.Now).State.ShouldBeSameAs(node.State);
    }

    [Fact]
    public void Order_OnARevokedLease_IsRefusedExceptItsRelease()
    {
        var node = ANode.Warm().Active().Lost();

        NodeLeasing.Order(node, AnOrder.Launch(2), node.Now).Refusal!.Code.ShouldBe("lease_revoked");
        NodeLeasing.Order(node, AnOrder.Release(1), node.Now).State.Lease.ShouldBeNull();
    }

    [Fact]
    public void Order_ReleaseTaken_NodeIsFreeOnlyWhenNoProcessIsLeft()
    {
        var node = ANode.Warm().Active().Ordered(AnOrder.Release(1));

        node.State.Lease.ShouldNotBeNull("the agent has taken the order, but ranks may still be ending");
        node.Takes(new GangStopped("job", 1, node.Now)).State.IsAvailable.ShouldBeTrue();
    }

    [Fact]
    public void Order_ReleaseAfterAConfirmedStop_FreesTheNodeAtOnce() =>
        ANode.Warm().Active().Ordered(AnOrder.Stop(1)).Takes(new GangStopped("job", 1, Moments.Start))
            .Ordered(AnOrder.Release(1)).State.IsAvailable.ShouldBeTrue();

    [Fact]
    public void Order_ReleaseUnderAnotherName_ChangesNothing()
    {
        var node = ANode.Warm().Active().Ordered(AnOrder.Release(1));

        NodeLeasing.Order(node, AnOrder.Release(1) with { OperationId = "job/again" }, node.Now).State
            .ShouldBeSameAs(node.State);
    }

    [Fact]
    public void Order_ReleaseRefused_NodeIsFree() =>
        ANode.Warm().Active().Ordered(AnOrder.Release(1), new Reason("stale_lease", "A newer one was obeyed."))
            .State.IsAvailable.ShouldBeTrue();

    [Fact]
    public void Tick_LeaseThatItsJobKnowsButHasNotLaunched_IsAskedForAndKept()
    {
        var node = ANode.Warm().Leased();
        var known = NodeLeasing.Acknowledge(node, 1, node.State.Lease!.NewsVersion);

        var asked = NodeContact.Tick(known, node.Now + Timings.UnlaunchedLease);

        asked.Lease!.HasNews.ShouldBeTrue("the job has to say that it still wants the lease");
        NodeContact.Tick(asked, node.Now + (2 * Timings.UnlaunchedLease)).Lease
            .ShouldBeNull("nobody answered for it");
    }

    [Fact]
    public void Tick_LeaseThatNoJobKnows_Lapses()
    {
        var node = ANode.Warm().Leased().After(Timings.UnlaunchedLease);

        node.State.IsAvailable.ShouldBeTrue();
        node.State.Reason.Code.ShouldBe("lease_lapsed");
    }

    [Fact]
    public void Acknowledge_OlderVersion_KeepsTheShards()
    {
        var node = ANode.Warm().Active();
        var version = node.State.Lease!.NewsVersion;
        node.Takes(new ShardStored("job", new(1, 10, new(0, "1/10/0", []), 1), node.Now));

        NodeLeasing.Acknowledge(node, 1, version).Lease!.Shards.ShouldHaveSingleItem();
        NodeLeasing.Acknowledge(node, 1, version + 1).Lease!.Shards.ShouldBeEmpty();
    }
}
