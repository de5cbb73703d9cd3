using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Jobs;

public sealed class NextActionTests
{
    [Fact]
    public void Of_Queued_SaysHowManyNodesItWaitsFor() =>
        Of(AJob.OnNodes(3)).ShouldBe(("take_nodes", "Starts as soon as it can have 3 nodes at once."));

    [Fact]
    public void Of_Preparing_SaysWhatTheLaunchWaitsForAndWhenItGivesUp()
    {
        Of(AJob.OnNodes().Granted()).ShouldBe((
            "launch",
            "Launches attempt 1 when n0 has a free port; replaces n0 if that is not done in 300 s."));

        var resuming = AJob.Running().Steps(5).Saves(5).Exits("n1", AnExit.Crash()).Stops();
        Of(resuming).Sentence.ShouldContain("has verified the checkpoint of step 5");
    }

    [Fact]
    public void Of_Launching_NamesThoseThatAreLate()
    {
        var job = AJob.OnNodes().Granted().Prepares();

        Of(job).ShouldBe((
            "await_ranks",
            "Waits until every process runs (0 of 2 do); replaces n0, n1 if that is not done in 60 s."));
    }

    [Fact]
    public void Of_Running_NothingIsDue() => Of(AJob.Running()).Code.ShouldBe("none");

    [Fact]
    public void Of_RunningAfterAFailure_ClosesTheIncident() =>
        Of(AJob.Running().Exits("n1", AnExit.Crash()).Stops().Prepares().Starts())
            .ShouldBe(("await_first_step", "Closes incident job-i1 at the first new step or checkpoint."));

    [Fact]
    public void Of_SilentHost_SaysWhenItIsLost()
    {
        var action = Of(AJob.Running().LosesContact("n1"));

        action.Code.ShouldBe("judge_silent_host");
        action.Sentence.ShouldStartWith("n1 is silent");
        // A lease of 10 s, 2 s of grace and 10 %.
        action.Sentence.ShouldEndWith("or in 14 s.");
    }

    [Fact]
    public void Of_Pausing_TellsThoseInContactFromTheSilent()
    {
        var job = AJob.Running(3).LosesContact("n2").Exits("n1", AnExit.Crash());

        Of(job).ShouldBe((
            "end_ranks",
            "Ends the old ranks: waits for n0, n1, lost if not done in 30 s; for silent n2 until its lease has surely "
            + "ended, in 14 s. Then it relaunches, or replaces nodes."));
        Of(job.After(TimeSpan.FromSeconds(5))).Sentence.ShouldContain("in 9 s");
    }

    [Fact]
    public void Of_Replacing_SaysWhoseSuccessorItTakes() =>
        Of(AJob.Running().Loses("n1").Stops()).ShouldBe((
            "take_nodes", "Takes 1 node in place of n1 as soon as free, then launches attempt 2."));

    [Fact]
    public void Of_Stopping_SaysWhomItWaitsFor() =>
        Of(AJob.Running().Cancels()).Sentence.ShouldBe(
            "Ends the ranks as planned: waits for n0, n1, lost if not done in 40 s.");

    [Fact]
    public void Of_Ended_SaysWhatGoesBack()
    {
        var job = AJob.Running().Exits("n0", AnExit.Clean).Exits("n1", AnExit.Clean);
        Of(job).ShouldBe(("give_back_nodes", "Gives back n0, n1."));

        Of(job.Releases()).ShouldBe(("none", "Nothing: the job has ended."));
    }

    [Fact]
    public void Of_LargeGang_NamesAFew() =>
        Of(AJob.OnNodes(50).Granted().Prepares()).Sentence.ShouldContain("n0, n1, n2, n3 and 46 more");

    private static (string Code, string Sentence) Of(AJob job)
    {
        var reason = NextAction.Of(job, job.Now);
        return (reason.Code, reason.Sentence);
    }
}
