using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Jobs;

public sealed class JobRewindTests
{
    [Fact]
    public void Running_IsStoppedWithGraceAndGoesOnFromThereOnTheSameNodes()
    {
        var job = Saved().Rewinds(20);
        job.State.Phase.ShouldBe(JobPhase.Pausing);
        JobOrders.Due(job).Count().ShouldBe(2);
        JobOrders.Due(job).ShouldAllBe(due => ((StopOrder)due.Order.Body).Grace == job.State.Spec!.StopGrace);
        job.State.Deadline.ShouldBe(job.Now + job.State.Spec!.StopGrace + Timings.Stop);

        job.Stops();
        job.State.Phase.ShouldBe(JobPhase.Preparing);
        job.State.ResumeFrom!.Step.ShouldBe(20);
        job.State.Rewind.ShouldBeNull();
        job.State.Gang.Select(member => member.Node).ShouldBe(["n0", "n1"]);
        Steps(job).ShouldBe([20, 10], "what came later is superseded");
    }

    [Fact]
    public void Running_TheIncidentSaysWhoAskedAndWhy()
    {
        var request = new RewindRequest(20) { Owner = "ada", Why = "The loss diverged." };
        var job = Saved();
        job.Becomes(JobRequests.ResumeFrom(job, request, job.Now).State).Stops().Prepares().Starts().Steps(21);

        job.Incident.Phase.ShouldBe(IncidentPhase.Resolved);
        job.Incident.Cause.ShouldBe(new Reason("rewound", "ada asked to go on from step 20: The loss diverged."));
        job.Incident.Action!.Sentence.ShouldBe("Relaunch on the same nodes, from the checkpoint of step 20.");
        job.Incident.Evidence.ShouldContain(evidence => evidence.Kind == "rewound" && evidence.Witness == "ada");
        job.Incident.ResumedFromStep.ShouldBe(20);
    }

    [Fact]
    public void Running_RanksFailWhileTheyAreStopped_IsNobodysFault()
    {
        var job = Saved().Rewinds(20).Exits("n0", AnExit.Crash()).Stops();

        job.Incident.Cause.Code.ShouldBe("rewound");
        job.State.FruitlessAttempts.ShouldBe(0);
        job.State.LastCrashNode.ShouldBeNull();
    }

    [Fact]
    public void Running_HostSilentWhileItsPeersAreStopped_IsNotConvictedByTheirLastWords() =>
        JobOrders.Convictions(Saved(nodes: 3).Rewinds(20).LosesContact("n2").Exits("n0", AnExit.LostPeer()))
            .ShouldBeEmpty();

    [Fact]
    public void Running_SavesWhileItIsStopped_TheChosenCheckpointStays()
    {
        var job = Saved().Rewinds(10).Saves(40).Stops();

        job.State.ResumeFrom!.Step.ShouldBe(10);
        Steps(job).ShouldBe([10]);
    }

    [Fact]
    public void Running_AttemptThatCountsItsStepsAnew_TheNamedCheckpointIsResumedFrom()
    {
        var job = Saved().Exits("n0", AnExit.Crash()).Stops().Prepares().Starts().Steps(1).Saves(5).Rewinds(20).Stops();

        job.State.ResumeFrom!.Step.ShouldBe(20);
    }

    [Fact]
    public void Running_HostLostWhileItIsStopped_IsReplacedAndTheWishStands()
    {
        var job = Saved().Rewinds(20).Loses("n1").Stops();
        job.State.Phase.ShouldBe(JobPhase.Replacing);

        job.Granted();

        job.State.ResumeFrom!.Step.ShouldBe(20);
    }

    [Fact]
    public void Ended_IsRefusedWithHowItEnded()
    {
        var refusal = JobRequests.ResumeFrom(Saved().Cancels().Stops(), new RewindRequest(20), Moments.Start).Refusal!;

        refusal.Code.ShouldBe("job_ended");
        refusal.Sentence.ShouldContain("A person asked for its end.");
        refusal.Sentence.ShouldContain("submitted again");
    }

    [Fact]
    public void Preparing_AnAttemptFromElsewhere_IsEndedForIt()
    {
        var job = Saved().Exits("n0", AnExit.Crash()).Stops();
        job.State.ResumeFrom!.Step.ShouldBe(30);

        job.Rewinds(20).Stops();

        job.State.ResumeFrom!.Step.ShouldBe(20);
        job.State.Attempt.ShouldBe(3);
    }

    [Fact]
    public void Preparing_AnAttemptFromThere_IsLeftAlone()
    {
        var job = Saved().Exits("n0", AnExit.Crash()).Stops();

        job.Rewinds(30).State.Phase.ShouldBe(JobPhase.Preparing);
        job.State.Rewind.ShouldBeNull();
    }

    [Fact]
    public void Pausing_ForACrash_StaysThatCrashAndGoesOnFromTheChosenOne()
    {
        var job = Saved().Exits("n0", AnExit.Crash()).Rewinds(20);
        JobOrders.Due(job).ShouldAllBe(due => ((StopOrder)due.Order.Body).Grace == TimeSpan.Zero);

        job.Stops();

        job.Incident.Cause.Code.ShouldBe("rank_crashed");
        job.State.LastCrashNode.ShouldBe("n0");
        job.State.ResumeFrom!.Step.ShouldBe(20);
    }

    [Fact]
    public void Replacing_OnlyNotesTheWish()
    {
        var job = Saved().Loses("n1").Stops();
        var incidents = job.State.IncidentCount;

        job.Rewinds(10);
        job.State.Phase.ShouldBe(JobPhase.Replacing);

        job.Granted().State.ResumeFrom!.Step.ShouldBe(10);
        job.State.IncidentCount.ShouldBe(incidents);
    }

    [Fact]
    public void Asked_Twice_ChangesNothingTheSecondTime()
    {
        var job = Saved().Rewinds(20);

        JobRequests.ResumeFrom(job, new RewindRequest(20), job.Now).State.ShouldBeSameAs(job.State);
    }

    [Fact]
    public void Asked_AgainWhenTheAttemptIsOver_ChangesNothing()
    {
        var job = Saved().Rewinds(20).Stops().Prepares().Starts().Steps(21);
        var again = new RewindRequest(20) { Attempt = 1 };

        var repeated = JobRequests.ResumeFrom(job, again, job.Now);
        repeated.State.ShouldBeSameAs(job.State);
        repeated.Refusal.ShouldBeNull();
        JobRequests.ResumeFrom(job, again with { Step = 10 }, job.Now).Refusal!.Code.ShouldBe("attempt_over");
    }

    [Fact]
    public void Asked_ForAnotherOneMeanwhile_TheLastWordCounts()
    {
        var job = Saved().Rewinds(20).Rewinds(10).Stops();

        job.State.ResumeFrom!.Step.ShouldBe(10);
        job.State.IncidentCount.ShouldBe(1);
        job.Incident.Cause.Sentence.ShouldContain("step 10");
    }

    [Fact]
    public void Asked_ForWhatThereIsNot_SaysWhatThereIs()
    {
        var refusal = JobRequests.ResumeFrom(Saved(), new RewindRequest(25), Moments.Start).Refusal!;

        refusal.ShouldBe(new Reason(
            "no_such_checkpoint",
            "job has no checkpoint of step 25 to go on from; it has those of steps 30, 20, 10."));
        JobRequests.ResumeFrom(AJob.Running(), new RewindRequest(25), Moments.Start).Refusal!.Sentence
            .ShouldEndWith("it has none yet.");
    }

    [Fact]
    public void Asked_OfAStoppingJob_IsRefused() =>
        JobRequests.ResumeFrom(Saved().Cancels(), new RewindRequest(20), Moments.Start).Refusal!.Code
            .ShouldBe("job_stopping");

    [Theory]
    [InlineData("Ada", "", "invalid_owner")]
    [InlineData(Cordon.Operators, "two\nlines", "invalid_reason")]
    public void Asked_ByNobodyOrInTwoLines_IsRefused(string owner, string why, string code) =>
        JobRequests.ResumeFrom(Saved(), new RewindRequest(20) { Owner = owner, Why = why }, Moments.Start).Refusal!
            .Code.ShouldBe(code);

    [Fact]
    public void Fulfilled_ProgressCountsFromThere()
    {
        var job = Saved().Steps(35).Rewinds(10).Stops().Prepares().Starts().Steps(12);

        job.Exits("n0", AnExit.Crash()).Stops();

        job.State.FruitlessAttempts.ShouldBe(0, "two steps after the checkpoint are progress");
    }

    [Fact]
    public void Fulfilled_ChosenCheckpointDamaged_TheOneBeforeIsTried()
    {
        var job = Saved().Rewinds(20).Stops().Prepares(new Reason("shard_hash_differs", "A file differs."));

        job.State.ResumeFrom!.Step.ShouldBe(10);
    }

    [Fact]
    public void Cancelled_MeanwhileTheWishIsForgotten() =>
        Saved().Rewinds(20).Cancels().Stops().State.Rewind.ShouldBeNull();

    [Fact]
    public void Prune_KeepsTheNewestAndSaysSoInTheNextOrder()
    {
        var job = Saved();
        var before = job.State;

        job.Becomes(JobRequests.Prune(job, 1).State);

        Steps(job).ShouldBe([30]);
        JobOrders.Retentions(before, job).Single().Order.OperationId.ShouldNotBe(
            JobOrders.Retentions(before).Single().Order.OperationId, "the agent carries out an operation once");
        JobRequests.Prune(job, 1).State.ShouldBeSameAs(job.State);
    }

    [Fact]
    public void Prune_TheOneToGoOnFrom_Stays()
    {
        var job = Saved().Rewinds(10);

        Steps(JobRequests.Prune(job, 1).State).ShouldBe([30, 10]);
    }

    [Fact]
    public void Prune_AnEndedJob_SaysWhereItsFilesAre() =>
        JobRequests.Prune(Saved().Cancels().Stops(), 1).Refusal!.Sentence.ShouldContain("/srv/checkpoints");

    private static AJob Saved(int nodes = 2) => AJob.Running(nodes).Saves(10).Saves(20).Saves(30);

    private static IEnumerable<long> Steps(JobState state) =>
        state.Checkpoints.Committed.Select(manifest => manifest.Step);
}
