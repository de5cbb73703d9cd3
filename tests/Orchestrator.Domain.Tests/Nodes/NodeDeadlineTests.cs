using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Ranks;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Nodes;

/// <summary>Deadlines count from the beginning of a state: what happens within it does not prolong it.</summary>
public sealed class NodeDeadlineTests
{
    private static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);

    [Fact]
    public void Quarantined_AttachedEveryHalfHour_IsSentToRepairAfterAnHour()
    {
        var node = ANode.Warm().Judged();
        node.After(HalfAnHour).Attaches().State.Phase.ShouldBe(NodePhase.Quarantined);
        node.After(HalfAnHour - Moments.Second).Attaches().Judged(number: 2).State.Phase
            .ShouldBe(NodePhase.Quarantined);

        node.After(Moments.Second).State.Phase.ShouldBe(NodePhase.Repairing);
    }

    [Fact]
    public void Quarantined_ControlPlaneRestartsEveryHalfHour_IsSentToRepairAllTheSame()
    {
        var node = ANode.Warm().Judged().After(HalfAnHour).Reloads().Attaches();
        node.After(HalfAnHour).State.Phase.ShouldBe(NodePhase.Repairing);
    }

    [Fact]
    public void Repairing_AttachedWithinTheSameBoot_IsRetiredAfterADay()
    {
        var node = ANode.Warm().Judged().After(Timings.Quarantine);
        for (var hour = 0; hour < 23; hour++)
        {
            node.After(TimeSpan.FromHours(1)).Attaches();
        }

        node.State.Phase.ShouldBe(NodePhase.Repairing);
        node.After(TimeSpan.FromHours(1)).State.Phase.ShouldBe(NodePhase.Retired);
    }

    [Fact]
    public void Repairing_ItsTimeEndedWithTheControlPlaneDown_MayStillAttach()
    {
        var node = ANode.Warm().Judged().After(Timings.Quarantine);
        var later = NodeContact.Reload(node, node.Now + Timings.Repair + HalfAnHour);
        later.Deadline.ShouldBe(node.Now + Timings.Repair + HalfAnHour + Timings.ReattachGrace);
    }

    [Fact]
    public void Validating_AttachedAgainAndAgain_DoesNotPutOffTheEndOfItsChecks()
    {
        var old = new HostedRank("other", new RankStatus { Rank = 0, Attempt = 1, Phase = RankPhase.Running });
        var node = ANode.Unknown().Attaches(old);
        node.After(Timings.Validation / 2).Attaches(old).State.Phase.ShouldBe(NodePhase.Validating);

        node.After(Timings.Validation / 2).State.Reason.Code.ShouldBe("checks_unfinished");
    }

    [Fact]
    public void Validating_ItsOldJobTakesNoteLate_HasItsWholeTimeThen()
    {
        var old = new HostedRank("other", new RankStatus { Rank = 0, Attempt = 1, Phase = RankPhase.Running });
        var node = ANode.Warm().Active().Lost();
        node.Attaches(old).After(Timings.Validation / 2).Ordered(AnOrder.Release(1));
        node.State.Lease.ShouldBeNull();

        node.After(Timings.Validation - Moments.Second).State.Phase.ShouldBe(NodePhase.Validating);
        node.After(Moments.Second).State.Phase.ShouldBe(NodePhase.Quarantined);
    }

    [Fact]
    public void Lost_ItsJobTakesNote_IsRetiredAWeekAfterTheLoss()
    {
        var node = ANode.Warm().Active().Lost();
        node.After(TimeSpan.FromDays(6)).Ordered(AnOrder.Release(1)).State.Phase.ShouldBe(NodePhase.Lost);

        node.After(TimeSpan.FromDays(1)).State.Phase.ShouldBe(NodePhase.Retired);
    }

    [Fact]
    public void Suspect_OrderedMeanwhile_IsLostNotLater()
    {
        var node = ANode.Warm().Active().LosesContact();
        var silence = Timings.SilenceUntilLost(Timings.Lease);
        node.After(silence / 2);
        var ordered = NodeLeasing.Order(node, AnOrder.Stop(1), node.Now).State;

        NodeContact.Tick(ordered, node.Now + (silence / 2)).Phase.ShouldBe(NodePhase.Lost);
    }

    [Fact]
    public void Arm_RecordOfBeforeThisWasCounted_CountsFromItsFirstReload()
    {
        var old = ANode.Warm().Judged().State with { DeadlineFrom = null };
        var reloaded = NodeContact.Reload(old, Moments.At(100));
        reloaded.Deadline.ShouldBe(Moments.At(100) + Timings.Quarantine);
        reloaded.DeadlineFrom.ShouldBe(Moments.At(100));
    }
}
