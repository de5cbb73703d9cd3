using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Recovery;

/// <summary>Progress that is counted and not numbered: each attempt counts from one.</summary>
public sealed class BareCountTests
{
    private static readonly ProgressPolicy Counted = new() { From = ProgressSource.Log, Pattern = "loss=" };

    private static readonly ProgressPolicy Numbered =
        new() { From = ProgressSource.Log, Pattern = "step (?<step>[0-9]+)" };

    [Fact]
    public void Crash_AfterAnyAdvance_NeverStopsTheJob()
    {
        var job = Running(Counted);
        foreach (var count in new[] { 900, 1, 1, 2, 1 })
            CrashAgain(job.Steps(count));

        job.State.FruitlessAttempts.ShouldBe(0);
        job.State.Phase.ShouldBe(JobPhase.Running);
    }

    [Fact]
    public void Crash_WithoutAnyAdvance_StopsTheJob()
    {
        var job = Running(Counted);
        CrashAgain(job.Steps(900));
        CrashAgain(job);

        Crash(job).State.Phase.ShouldBe(JobPhase.Failed);
    }

    [Fact]
    public void Crash_AfterStepsThatWereDoneBefore_StopsTheJob()
    {
        var job = Running(Numbered);
        CrashAgain(job.Steps(900));
        CrashAgain(job.Steps(899));

        Crash(job.Steps(899)).State.Phase.ShouldBe(JobPhase.Failed);
    }

    [Fact]
    public void Counts_AfterContactWasLost_VouchForNobody()
    {
        Vouched(Counted).ShouldBe(0, "one rank may write two lines while it waits for a dead host");
        Vouched(Numbered).ShouldBe(1);
    }

    private static int Vouched(ProgressPolicy progress)
    {
        var job = Running(progress).LosesContact("n1");
        job.Becomes(JobReports.SeeStep(job, 10, job.Now + TimeSpan.FromSeconds(1)));
        return JobOrders.Vouches(job, 12).Count(vouch => vouch.Member.Report!.Phase == NodePhase.Suspect);
    }

    private static AJob Running(ProgressPolicy progress) =>
        AJob.Running(2, spec => spec with { StopAfterNoProgress = 2, Progress = progress });

    private static AJob Crash(AJob job) => job.Exits(job.State.Gang[0].Node, AnExit.Crash()).Stops();

    private static void CrashAgain(AJob job)
    {
        Crash(job);
        if (job.State.Phase == JobPhase.Replacing)
            job.Granted();
        job.Prepares().Starts();
    }
}
