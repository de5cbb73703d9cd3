using Orchestrator.Domain.Accounts;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Accounts;

public sealed class JobAccountsTests
{
    [Fact]
    public void Post_UndisturbedJob_EveryMomentIsOnTheAccountOfItsPhase()
    {
        var job = AccountedJob.Training().In(10, job => job.Saves(5)).In(4, Finishes);

        job.On(Account.Waiting).ShouldBe(1);
        job.On(Account.Launching).ShouldBe(5);
        job.On(Account.Productive).ShouldBe(14);
        job.Ledger.Open.ShouldBeNull();
        job.Ledger.Sum().ShouldBe(job.State.EndedAt!.Value - job.State.SubmittedAt);
    }

    [Fact]
    public void Post_Commit_MakesUnsavedTrainingProductive()
    {
        var job = AccountedJob.Training().In(10, job => job.Saves(5)).In(3, job => job.LosesContact("n0"));

        job.On(Account.Productive).ShouldBe(10);
        job.On(Account.Unsaved).ShouldBe(3);
        job.Ledger.At(job.Now).Goodput()!.Value.ShouldBe(10.0 / 19, tolerance: 1e-9);
    }

    [Fact]
    public void Post_Crash_TrainingSinceTheNewestCheckpointIsLostWhenTheNextAttemptBegins()
    {
        var job = AccountedJob.Training()
            .In(10, job => job.Saves(5))
            .In(4, job => job.Exits("n1", AnExit.Crash() with { At = job.Now - Moments.Second }));
        job.On(Account.Unsaved).ShouldBe(3, "the last shard of a checkpoint may still come");

        job.In(2, job => job.Stops());

        job.On(Account.Detecting).ShouldBe(1);
        job.On(Account.Stopping).ShouldBe(2);
        job.On(Account.Lost).ShouldBe(3);
        job.On(Account.Unsaved).ShouldBe(0);
        job.On(Account.Productive).ShouldBe(10);
        job.Ledger.Open.ShouldBe(Account.Launching);
    }

    [Fact]
    public void Post_HostLost_SilenceIsDetectionAndTheRestIsReplacement()
    {
        var job = AccountedJob.Training()
            .In(10, job => job.LosesContact("n1"))
            .In(13, job => job.Loses("n1"))
            .In(1, job => job.Stops())
            .In(5, job => job.Granted());

        job.On(Account.Detecting).ShouldBe(13);
        job.On(Account.Stopping).ShouldBe(1);
        job.On(Account.Replacing).ShouldBe(5);
        job.On(Account.Lost).ShouldBe(10);
    }

    [Fact]
    public void Post_HostThatTrainingVouchedFor_ItsSilenceIsNoEvidence()
    {
        var job = AccountedJob.Training()
            .In(1, job => job.LosesContact("n0"))
            .In(5, job => job.Hears("n0", report => report with { Phase = NodePhase.Active }))
            .In(20, job => job.Exits("n1", AnExit.Crash() with { At = job.Now }));

        job.On(Account.Detecting).ShouldBe(0);
        job.On(Account.Unsaved).ShouldBe(26);
    }

    [Fact]
    public void Post_MomentsOfAClockThatIsAhead_CountAsNow()
    {
        var ahead = TimeSpan.FromSeconds(60);
        var stepped = new AccountedJob()
            .In(1, job => job.Granted())
            .In(1, job => job.Prepares())
            .In(1, job => job.Starts())
            .In(1, job => job.Hears("n0", report => report with
            {
                Ranks = [.. report.Ranks.Select(rank => rank with { FirstStep = 1, FirstStepAt = job.Now + ahead })],
            }));
        stepped.Ledger.Since.ShouldBe(stepped.Now);

        var failed = stepped.In(5, job => job.Exits("n1", AnExit.Crash() with { At = job.Now + ahead }));

        failed.Ledger.Since.ShouldBe(failed.Now);
        failed.On(Account.Unsaved).ShouldBe(5);
        failed.On(Account.Detecting).ShouldBe(0);
    }

    [Fact]
    public void Post_CancelledWithALastCheckpoint_OnlyWhatItHasNotIsLost()
    {
        var job = AccountedJob.Training()
            .In(10, job => job.Cancels())
            .In(1, job => job.Saves(5))
            .In(1, job => job.Stops());

        job.State.Phase.ShouldBe(JobPhase.Cancelled);
        job.On(Account.Productive).ShouldBe(10);
        job.On(Account.Stopping).ShouldBe(2);
        job.On(Account.Lost).ShouldBe(0);
    }

    [Fact]
    public void Post_JobThatTellsNoStep_TrainedFromItsStartWhenItFinishes()
    {
        var job = new AccountedJob()
            .In(1, job => job.Granted())
            .In(1, job => job.Prepares())
            .In(1, job => job.Starts())
            .In(60, Finishes);

        job.On(Account.Launching).ShouldBe(2);
        job.On(Account.Productive).ShouldBe(60);
    }

    [Fact]
    public void Post_ClockGoesBack_NoMomentCountsTwice()
    {
        var job = AccountedJob.Training().In(10, job => job.Saves(5));
        var ledger = job.Ledger;

        job.In(-60, job => job.Saves(10));
        job.Ledger.Settled.ShouldBe(ledger.Settled);

        job.In(70, job => job.Saves(15));
        job.On(Account.Productive).ShouldBe(20);
        job.Ledger.Sum().ShouldBe(job.Now - job.State.SubmittedAt);
    }

    [Fact]
    public void Post_NothingToBook_IsTheSameReference()
    {
        var state = AccountedJob.Training().State;
        var waiting = state with { BestStep = 7 };

        JobAccounts.Post(state, state, Moments.At(100)).ShouldBeSameAs(state);
        JobAccounts.Post(state, waiting, Moments.At(100)).ShouldBeSameAs(waiting);
    }

    [Fact]
    public void Post_RecordWithoutLedger_BeginsWithItsNextDecision()
    {
        var old = AccountedJob.Training().State with { Ledger = null };
        var job = new AccountedJob(old).In(100, job => job.Saves(5)).In(7, job => job.Saves(10));

        job.Ledger.Sum().ShouldBe(TimeSpan.FromSeconds(7));
        job.On(Account.Productive).ShouldBe(7);
        var ended = old with { Phase = JobPhase.Failed, EndedAt = Moments.At(9) };
        JobAccounts.Post(ended, ended with { ToRelease = [] }, Moments.At(10)).Ledger.ShouldBeNull();
    }

    private static void Finishes(AJob job)
    {
        job.Exits("n0", AnExit.Clean);
        job.Exits("n1", AnExit.Clean);
    }
}
