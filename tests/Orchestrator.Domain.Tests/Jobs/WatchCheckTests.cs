using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Jobs;

public sealed class WatchCheckTests
{
    [Theory]
    [InlineData("out/ckpt.pt")]
    [InlineData("/scratch/out/ckpt.pt")]
    [InlineData("../out/ckpt.pt")]
    [InlineData("../out/*.pt")]
    [InlineData("runs/version_*/last.ckpt")]
    [InlineData("out/step-*/rank-{rank}.pt")]
    [InlineData("out/r{rank}/step-*.pt")]
    public void Problems_AFileOrAPattern_AreNone(string watch) => Problems(watch).ShouldBeEmpty();

    [Theory]
    [InlineData("out/", "must name a file, and not a folder")]
    [InlineData("out/..", "must name a file, and not a folder")]
    [InlineData(".", "must name a file, and not a folder")]
    [InlineData("out/{step}.pt", "{step} stands for nothing; {rank} stands for the rank's number")]
    [InlineData("out/**/ckpt.pt", "'**' is not allowed; each '*' stands for a part of one name")]
    [InlineData("out/*/../ckpt.pt", "'..' is allowed only before the first '*' or '?'")]
    [InlineData("out/rank-{rank}.pt", "with {rank} it must hold one '*', which stands for the step's number")]
    [InlineData("out/*/{rank}/*.pt", "with {rank} it must hold one '*'")]
    [InlineData("out/?-{rank}-*.pt", "and no '?'")]
    [InlineData("out/*{rank}.pt", "'*' and {rank} must not touch")]
    [InlineData("out/{rank}*.pt", "'*' and {rank} must not touch")]
    [InlineData("a\0b", "holds a zero byte")]
    public void Problems_SomethingElse_NamesTheKeyAndWhatIsAllowed(string watch, string words)
    {
        var problem = Problems(watch).ShouldHaveSingleItem();

        problem.ShouldStartWith("checkpoint.watch: ");
        problem.ShouldContain(words);
    }

    [Fact]
    public void Problems_LongPath_NamesTheLimit() =>
        Problems(new string('a', Limits.PathBytes + 1)).ShouldHaveSingleItem().ShouldContain("at most 4,095 bytes");

    [Fact]
    public void Problems_WithoutAStore_AreToldOfEachKey() =>
        JobSpecCheck.Problems(AJob.Spec() with
        {
            CheckpointStore = "",
            Watch = "out/ckpt.pt",
            ResumeCommand = ["python3", "train.py", "--resume"],
        }).Select(problem => problem.Split(';')[0].Split(',')[0]).ShouldBe(
        [
            "checkpoint.watch: needs checkpoint.store",
            "resumeCommand: needs checkpoint.store",
        ]);

    [Theory]
    [InlineData("", "resumeCommand: must name a program.")]
    [InlineData(
        "{checkpoint}", "resumeCommand: {checkpoint} stands for the file of checkpoint.watch, which is missing.")]
    [InlineData("\0", "resumeCommand: ' ' holds a zero byte, which no process can be given.")]
    public void Problems_ResumeCommand_AreToldByItsKey(string program, string problem) =>
        JobSpecCheck.Problems(AJob.Spec() with { ResumeCommand = [program] }).ShouldBe([problem]);

    [Fact]
    public void Problems_LongResumeCommand_AreThoseOfTheCommand()
    {
        var spec = AJob.Spec();
        JobSpecCheck.Problems(spec with { ResumeCommand = ["a", new string('x', Limits.ArgumentBytes + 1)] })
            .ShouldHaveSingleItem().ShouldContain("is longer than 120,000 bytes");
        JobSpecCheck.Problems(spec with { ResumeCommand = ["a", .. Enumerable.Repeat(new string('x', 100_000), 11)] })
            .ShouldHaveSingleItem().ShouldStartWith("resumeCommand: with the environment it is longer");
    }

    [Fact]
    public void Problems_StandbysOfAResumeCommandThatIsNoPython_AreRefused() =>
        JobSpecCheck.Problems(AJob.Spec() with { StandbyImports = ["torch"], ResumeCommand = ["sh", "-c", "python3"] })
            .ShouldHaveSingleItem().ShouldStartWith("standby.import: the resumeCommand must be a list that begins");

    [Fact]
    public void Due_FirstLaunch_HasTheCommandAndTheWatch()
    {
        var launch = Launch(AJob.OnNodes(change: Resumes).Granted().Prepares());

        launch.Command.ShouldBe(["python3", "train.py"]);
        launch.IsResumeCommand.ShouldBeFalse();
        launch.Watch.ShouldBe("out/ckpt.pt");
    }

    [Fact]
    public void Due_LaunchAfterACheckpoint_HasTheResumeCommand()
    {
        var launch = Launch(
            AJob.Running(change: Resumes).Steps(5).Saves(5).Exits("n1", AnExit.Crash()).Stops().Prepares());

        launch.Resume!.Step.ShouldBe(5);
        launch.Command.ShouldBe(["python3", "train.py", "--resume", "{checkpoint}"]);
        launch.IsResumeCommand.ShouldBeTrue();
    }

    [Fact]
    public void Due_LaunchWithoutACheckpoint_BeginsAnew()
    {
        var launch = Launch(AJob.Running(change: Resumes).Steps(5).Exits("n1", AnExit.Crash()).Stops().Prepares());

        launch.Command.ShouldBe(["python3", "train.py"]);
        launch.IsResumeCommand.ShouldBeFalse();
    }

    private static JobSpec Resumes(JobSpec spec) => spec with
    {
        Watch = "out/ckpt.pt",
        ResumeCommand = ["python3", "train.py", "--resume", "{checkpoint}"],
    };

    private static LaunchOrder Launch(JobState state) =>
        JobOrders.Due(state).Select(due => due.Order.Body).OfType<LaunchOrder>().First();

    private static IReadOnlyList<string> Problems(string watch) =>
        JobSpecCheck.Problems(AJob.Spec() with { Watch = watch });
}
