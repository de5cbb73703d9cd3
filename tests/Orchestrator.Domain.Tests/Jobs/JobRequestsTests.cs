using System.Collections.Immutable;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Jobs;

public sealed class JobRequestsTests
{
    [Fact]
    public void Submit_Twice_IsTheSameJob()
    {
        var job = AJob.OnNodes();

        JobRequests.Submit(job, "job", AJob.Spec(9), job.Now).State.ShouldBeSameAs(job.State);
    }

    [Fact]
    public void Submit_BadJob_TellsAllProblemsAtOnce()
    {
        var spec = new JobSpec
        {
            Name = "Train Me",
            Nodes = 0,
            RanksPerNode = 1_000,
            Command = [""],
            WorkingDirectory = "job",
            CheckpointStore = "checkpoints",
            KeepCheckpoints = 0,
            StopAfterNoProgress = 0,
            StopGrace = TimeSpan.FromDays(1),
            Lease = TimeSpan.FromSeconds(1),
            Environment = ImmutableDictionary<string, string>.Empty.Add("A=B", ""),
        };

        var decision = JobRequests.Submit(new JobState(), "job", spec, Moments.Start);

        decision.State.Spec.ShouldBeNull();
        string[] keys =
        [
            "name", "nodes", "ranksPerNode", "command", "workingDirectory", "checkpoint.store", "checkpoint.keep",
            "recovery.stopAfterNoProgress", "recovery.stopGrace", "recovery.lease", "environment",
        ];
        decision.Refusal!.Sentence.Split('\n').Select(problem => problem.Split(':')[0]).ShouldBe(keys);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("bert-large-2", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("bert\n", false)]
    [InlineData("bert_large", false)]
    [InlineData("a123456789b123456789c123456789d123456789e", false)]
    public void Problems_Name_MustBeSafeInPathsAndUrls(string name, bool isValid) =>
        JobSpecCheck.Problems(AJob.Spec() with { Name = name }).Any().ShouldBe(!isValid);

    [Fact]
    public void Cancel_AnEndedJob_IsRefusedWithHowItEnded()
    {
        var job = AJob.OnNodes().Cancels();

        JobRequests.Cancel(job, job.Now).Refusal!.Code.ShouldBe("job_ended");
    }

    [Fact]
    public void Cancel_Twice_ChangesNothingTheSecondTime()
    {
        var job = AJob.Running().Cancels();

        JobRequests.Cancel(job, job.Now).State.ShouldBeSameAs(job.State);
    }

    [Fact]
    public void Granted_OtherThanItNeeds_GoesBack()
    {
        var job = AJob.Running();

        var granted = JobPlacement.Granted(job, [new LeaseGrant("n7", 3, "10.0.0.7")], job.Now);

        granted.ToRelease.ShouldBe([new HeldLease("n7", 3)]);
        granted.Gang.ShouldBe(job.State.Gang);
    }

    [Fact]
    public void Granted_TheGangAgain_GivesNothingBack()
    {
        var job = AJob.Running();
        var grants = job.State.Gang.Select(member => new LeaseGrant(member.Node, member.LeaseNumber, member.Address));

        JobPlacement.Granted(job, [.. grants], job.Now).ToRelease.ShouldBeEmpty();
    }
}
