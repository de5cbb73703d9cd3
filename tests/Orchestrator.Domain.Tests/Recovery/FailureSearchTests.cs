using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Recovery;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Recovery;

public sealed class FailureSearchTests
{
    [Fact]
    public void Find_NothingFailed_Null() => FailureSearch.Find(AJob.Running()).ShouldBeNull();

    [Fact]
    public void AgentAlone_IsNoFailure()
    {
        var job = AJob.Running().LosesContact("n1");

        job.State.Phase.ShouldBe(JobPhase.Running);
        JobOrders.Convictions(job).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void HostKilled_ContactAndExitsInAnyOrder_ConvictsThatHost(bool isContactFirst)
    {
        var job = AJob.Running(3);
        job = isContactFirst
            ? job.LosesContact("n1").Exits("n0", AnExit.LostPeer("10.0.0.1"))
            : job.Exits("n0", AnExit.LostPeer("10.0.0.1")).LosesContact("n1");

        var (member, reason) = JobOrders.Convictions(job).ShouldHaveSingleItem();

        member.Node.ShouldBe("n1");
        reason.Code.ShouldBe("host_lost");
        job.Loses("n1");
        FailureSearch.Find(job)!.Class.ShouldBe(FailureClass.HostLost);
        job.Incident.Node.ShouldBe("n1");
    }

    [Fact]
    public void PeerLost_TheBlamedHostIsNotTheSilentOne_ConvictsNobody() =>
        JobOrders.Convictions(AJob.Running(3).Exits("n0", AnExit.LostPeer("10.0.0.2")).LosesContact("n1"))
            .ShouldBeEmpty();

    [Fact]
    public void PeerLost_WithoutAnAddress_ConvictsTheSilentHost() =>
        JobOrders.Convictions(AJob.Running().Exits("n0", AnExit.LostPeer()).LosesContact("n1"))
            .ShouldHaveSingleItem().Member.Node.ShouldBe("n1");

    [Fact]
    public void PeerLost_OnlyTheSilentHostsOwnWords_ConvictsNobody() =>
        JobOrders.Convictions(AJob.Running().Exits("n1", AnExit.LostPeer()).LosesContact("n1")).ShouldBeEmpty();

    [Fact]
    public void PeerLost_TheSilentHostConfirmedItsStop_ConvictsNobody() =>
        JobOrders.Convictions(AJob.Running(3).Exits("n0", AnExit.LostPeer()).Stops("n1").LosesContact("n1"))
            .ShouldBeEmpty();

    [Fact]
    public void RankCrash_WithACascadeAndASilentAgent_BlamesTheFirstCrashAndConvictsNobody()
    {
        var job = AJob.Running(3)
            .Exits("n0", AnExit.LostPeer(atSeconds: 2)).Exits("n1", AnExit.Crash(atSeconds: 1)).LosesContact("n2");

        FailureSearch.Find(job)!.Class.ShouldBe(FailureClass.RankCrashed);
        job.Incident.Node.ShouldBe("n1");
        job.Incident.Cause.Sentence.ShouldBe("Rank 1 on n1 ended with code 1: ValueError: loss is nan");
        JobOrders.Convictions(job).ShouldBeEmpty();
    }

    [Fact]
    public void TwoCrashes_TheFirstByItsOwnTimeCounts() =>
        AJob.Running().Exits("n0", AnExit.Crash(atSeconds: 2)).Exits("n1", AnExit.Crash(atSeconds: 1))
            .Incident.Node.ShouldBe("n1");

    [Fact]
    public void RanksVanished_TheHostLives()
    {
        var job = AJob.Running().Exits("n1", AnExit.LeaseRanOut);

        FailureSearch.Find(job)!.Class.ShouldBe(FailureClass.RanksVanished);
        job.Stops().State.Phase.ShouldBe(JobPhase.Preparing);
    }

    [Fact]
    public void DeviceFailed_NamesTheDevicesReason()
    {
        var job = AJob.Running().Quarantines("n0");

        FailureSearch.Find(job)!.Class.ShouldBe(FailureClass.DeviceFailed);
        job.Incident.Cause.Sentence.ShouldBe("GPU-0: xid_79.");
    }

    [Fact]
    public void PeerLost_IsCertainOnlyWhenNothingBetterCanCome()
    {
        var job = AJob.Running().Exits("n0", AnExit.LostPeer());

        FailureSearch.Find(job)!.IsCertain.ShouldBeFalse();
        job.Incident.Phase.ShouldBe(Domain.Incidents.IncidentPhase.Detected);
    }

    [Fact]
    public void Evidence_TellsEveryWitnessOnce()
    {
        var job = AJob.Running().Exits("n0", AnExit.LostPeer("10.0.0.1")).LosesContact("n1").LosesContact("n1");

        job.Incident.Evidence.Select(evidence => (evidence.Witness, evidence.Kind))
            .ShouldBe([("n0", "rank_exited"), ("n1", "contact_lost")], ignoreOrder: true);
    }
}
