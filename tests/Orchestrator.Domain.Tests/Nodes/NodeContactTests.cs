using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Ranks;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Nodes;

public sealed class NodeContactTests
{
    private static readonly TimeSpan Silence = Timings.SilenceUntilLost(Timings.Lease);

    [Fact]
    public void Attach_FirstHello_PassesItsChecks() => ANode.Warm().State.IsAvailable.ShouldBeTrue();

    [Fact]
    public void Attach_OlderSession_IsRefusedAndChangesNothing()
    {
        var node = ANode.Warm();

        var decision = NodeContact.Attach(node, ANode.Hello("n0", 1, "boot-1"), node.Now);

        decision.Refusal!.Code.ShouldBe("stale_session");
        decision.State.ShouldBeSameAs(node.State);
    }

    [Fact]
    public void Lose_OlderSession_NeverUndoesANewerHello()
    {
        var node = ANode.Warm().Attaches();

        NodeContact.Lose(node, 1, new Reason("stream_ended", "Late."), node.Now).ShouldBeSameAs(node.State);
    }

    [Fact]
    public void Tick_SilentForTheLeaseGraceAndTenPercent_IsLostNotEarlier()
    {
        var node = ANode.Warm().Active().LosesContact();

        node.After(Silence - TimeSpan.FromMilliseconds(1)).State.Phase.ShouldBe(NodePhase.Suspect);
        node.After(TimeSpan.FromMilliseconds(1)).State.Phase.ShouldBe(NodePhase.Lost);
        node.State.Lease!.Phase.ShouldBe(LeasePhase.Revoked);
        node.State.Lease.Ranks.ShouldAllBe(rank => rank.Phase == RankPhase.Lost);
    }

    [Fact]
    public void Hold_MostOfTheFleetIsSilent_SilenceBeginsAnewWhenItIsHeard()
    {
        var node = ANode.Warm().Active().LosesContact();
        for (var second = 0; second < 60; second++)
            node.Held(TimeSpan.FromSeconds(1));

        node.State.Phase.ShouldBe(NodePhase.Suspect);
        node.State.Reason.Code.ShouldBe("fleet_silent");
        NodeContact.Hold(node, null, node.Now).Reason.ShouldBeSameAs(node.State.Reason, "it is written once");
        node.After(Silence - TimeSpan.FromMilliseconds(1)).State.Phase.ShouldBe(NodePhase.Suspect);
        node.After(TimeSpan.FromMilliseconds(1)).State.Phase.ShouldBe(NodePhase.Lost);
    }

    [Fact]
    public void Hold_NodeThatIsHeardOrAwaited_ChangesNothing()
    {
        var heard = ANode.Warm().Active();
        var lost = ANode.Warm().Active().Lost();

        NodeContact.Hold(heard, null, heard.Now).ShouldBeSameAs(heard.State);
        NodeContact.Hold(lost, null, lost.Now).ShouldBeSameAs(lost.State);
    }

    [Fact]
    public void Lose_ToldAgainOfANewerSilence_CountsFromTheNewerOne()
    {
        var node = ANode.Warm().Active().LosesContact().After(TimeSpan.FromSeconds(5));

        // It was heard for a moment, and silent again before anybody told the node.
        var again = NodeContact.Lose(node, 1, new Reason("heartbeats_missing", "No heartbeat."), node.Now);

        again.Phase.ShouldBe(NodePhase.Suspect);
        again.Deadline.ShouldBe(node.Now + Silence);
        var old = TimeSpan.FromSeconds(8);
        NodeContact.Lose(node, 1, new Reason("silent_stream", "Dead."), node.Now, old).ShouldBeSameAs(node.State);
    }

    [Fact]
    public void KeepPeers_SilentNodeWithALease_KeepsWhomItsAgentKnewUntilItIsHeard()
    {
        var node = ANode.Warm().Active();
        NodeContact.KeepPeers(node, ["n1"]).ShouldBeSameAs(node.State, "it is heard");

        var silent = NodeContact.KeepPeers(node.LosesContact(), ["n1", "n2"]);

        silent.Peers!.Value.ShouldBe(["n1", "n2"]);
        NodeContact.KeepPeers(silent, ["n9"]).ShouldBeSameAs(silent, "a fleet that changes later is unknown to it");
        NodeContact.Keep(silent, 1, node.Now).Peers.ShouldBeNull();
    }

    [Fact]
    public void Hold_QuarantinedWithItsRanks_KeepsTheirLeaseWhileTheFleetIsSilent()
    {
        var node = ANode.Warm().Active().Judged().LosesContact();
        for (var second = 0; second < 60; second++)
            node.Held(TimeSpan.FromSeconds(1));

        node.State.Phase.ShouldBe(NodePhase.Quarantined);
        node.State.Lease!.Phase.ShouldBe(LeasePhase.Launched);
        node.After(Silence).State.Lease!.Phase.ShouldBe(LeasePhase.Revoked);
    }

    [Fact]
    public void Hold_NodeThatMissedTheSilenceOfTheFleet_CountsFromTheEndOfItAllTheSame()
    {
        var node = ANode.Warm().Active().LosesContact();
        var heardFor = TimeSpan.FromSeconds(3);

        // Its grain waited for the storage meanwhile, and no tick of it came.
        var late = node.Now + TimeSpan.FromMinutes(10);
        var held = NodeContact.Hold(node, heardFor, late);

        held.Deadline.ShouldBe(late - heardFor + Silence);
        held.Reason.Code.ShouldNotBe("fleet_silent");
        NodeContact.Hold(node, TimeSpan.FromMinutes(11), late).ShouldBeSameAs(node.State, "it was heard all the time");
    }

    [Fact]
    public void Lose_HeartbeatLongOverdue_SilenceCountsFromWhenItWasDue()
    {
        var node = ANode.Warm().Active();
        var overdue = TimeSpan.FromSeconds(2);

        var suspect = NodeContact.Lose(node, 1, new Reason("heartbeats_missing", "No heartbeat."), node.Now, overdue);

        suspect.Deadline.ShouldBe(node.Now - overdue + Silence);
    }

    [Fact]
    public void Attach_SuspectWithItsRanks_GoesOnAsBefore()
    {
        var node = ANode.Warm().Active().LosesContact();

        node.Attaches(Found(attempt: 1));

        node.State.Phase.ShouldBe(NodePhase.Active);
        node.State.Lease!.Ranks.ShouldHaveSingleItem().Phase.ShouldBe(RankPhase.Running);
    }

    [Fact]
    public void Attach_AfterReboot_ItsRanksAreGone() =>
        ANode.Warm().Active().LosesContact().Reboots().State.Lease!.Ranks.ShouldHaveSingleItem()
            .Phase.ShouldBe(RankPhase.Lost);

    [Fact]
    public void Attach_LaunchedRankIsFoundRunning_NodeIsActive()
    {
        var node = ANode.Warm().Leased().Ordered(AnOrder.Launch(1));

        node.Attaches(Found(attempt: 1));

        node.State.Phase.ShouldBe(NodePhase.Active);
    }

    [Fact]
    public void Attach_FreeHostThatLostItsGpus_IsQuarantined()
    {
        ANode.Warm().AttachesAs(hello => hello with { Gpus = [] }).State.Phase.ShouldBe(NodePhase.Quarantined);
        ANode.Warm().LosesContact().AttachesAs(hello => hello with { Gpus = [] }).State.Phase
            .ShouldBe(NodePhase.Quarantined);
    }

    [Fact]
    public void Attach_LostHostWithOldRanks_IsFreeOnlyWhenTheyHaveEnded()
    {
        var node = ANode.Warm().Active(attempt: 3).Lost();
        node.Attaches(Found(attempt: 3));
        node.Ordered(AnOrder.Release(3));

        var order = NodeDelivery.Due(node).ShouldNotBeNull();
        order.Body.ShouldBeOfType<ReleaseOrder>();
        order.Attempt.ShouldBe(3, "the agent ends ranks up to the attempt of the order");
        node.Takes(new OrderAnswered(order.OperationId, null, node.Now));
        node.State.IsAvailable.ShouldBeFalse("the order was taken, but the ranks have not ended yet");
        node.Takes(new GangStopped("job", 3, node.Now));
        node.State.IsAvailable.ShouldBeTrue();
    }

    [Fact]
    public void Keep_LostHostIsHeardOnItsOldStream_IsCheckedAndFreeAgain()
    {
        var node = ANode.Warm().Active().Lost().Ordered(AnOrder.Release(1));

        node.KeepsContact();

        var order = NodeDelivery.Due(node).ShouldNotBeNull("its old ranks have to end first");
        node.Takes(new OrderAnswered(order.OperationId, null, node.Now)).Takes(new GangStopped("job", 1, node.Now));
        node.State.IsAvailable.ShouldBeTrue();
    }

    [Fact]
    public void Tick_BackFromLossWhileTheJobStillHoldsTheOldLease_IsNotBlamedForIt()
    {
        var node = ANode.Warm().Active().Lost().Reboots();

        node.After(Timings.Validation).After(Timings.Validation).State.Phase.ShouldBe(NodePhase.Validating);
        node.Ordered(AnOrder.Release(1)).State.IsAvailable.ShouldBeTrue();
    }

    [Fact]
    public void Tick_ChecksDoNotEnd_IsQuarantined()
    {
        var node = ANode.Warm().LosesContact().After(Silence);
        node.Attaches(new HostedRank("other", new RankStatus { Rank = 0, Attempt = 1, Phase = RankPhase.Running }));

        node.After(Timings.Validation).State.Reason.Code.ShouldBe("checks_unfinished");
    }

    [Fact]
    public void Tick_QuarantinedHostFallsSilent_ItsLeaseEndsAllTheSame()
    {
        var node = ANode.Warm().Active().Judged().LosesContact();

        node.After(Silence);

        node.State.Phase.ShouldBe(NodePhase.Quarantined);
        node.State.Lease!.Phase.ShouldBe(LeasePhase.Revoked);
        node.State.Deadline.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Convict_LeasedNodeInAnyState_RevokesItsLease(bool isQuarantined)
    {
        var node = ANode.Warm().Active();
        node = isQuarantined ? node.Judged() : node;

        node.Convicted();

        node.State.Lease!.Phase.ShouldBe(LeasePhase.Revoked);
        NodeLeasing.Report(node).IsRevoked.ShouldBeTrue();
    }

    [Fact]
    public void Convict_Twice_ChangesNothingTheSecondTime()
    {
        var state = ANode.Warm().Active().Convicted().State;

        NodeContact.Convict(state, state.LeaseNumber, new Reason("host_lost", "Again."), null, Moments.At(9))
            .ShouldBeSameAs(state);
    }

    [Fact]
    public void Vouch_SuspectNode_StaysAndIsWatchedOn()
    {
        var node = ANode.Warm().Active().LosesContact().Vouched();

        node.State.Phase.ShouldBe(NodePhase.Active);
        node.After(Silence).State.Phase.ShouldBe(NodePhase.Suspect);
    }

    [Fact]
    public void Vouch_NodeWhereNoRankStarted_ProvesNothing()
    {
        var node = ANode.Warm().Leased().LosesContact();

        node.Vouched().State.Phase.ShouldBe(NodePhase.Suspect);
    }

    [Fact]
    public void Reload_EverybodyGetsTimeToAttach()
    {
        var node = ANode.Warm().Active().Reloads();

        node.After(Timings.ReattachGrace - Moments.Second).State.Phase.ShouldBe(NodePhase.Active);
        node.After(Moments.Second).State.Phase.ShouldBe(NodePhase.Suspect);
    }

    private static HostedRank Found(int attempt) =>
        new("job", new RankStatus { Rank = 0, Attempt = attempt, Phase = RankPhase.Running, Pid = 7 });
}
