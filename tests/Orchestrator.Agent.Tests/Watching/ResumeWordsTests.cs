using Orchestrator.Agent.Watching;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Watching;

public sealed class ResumeWordsTests
{
    [Theory]
    [InlineData("--resume={checkpoint}", "--resume=/job/out/40.pt")]
    [InlineData("{step}", "40")]
    [InlineData("a {step} b {checkpoint}", "a 40 b /job/out/40.pt")]
    [InlineData("echo ${step} {other}", "echo ${step} {other}")]
    public void For_ResumeCommand_FillsInStepAndFile(string word, string expected) =>
        ResumeWords.For(Launch("out/*.pt", "40.pt", word), 0).Command.ShouldBe(["python3", expected]);

    [Fact]
    public void For_OrdinaryCommand_StaysAsItIs()
    {
        var launch = Launch("out/*.pt", "40.pt", "print(f'{step}')");
        launch.IsResumeCommand = false;

        ResumeWords.For(launch, 0).ShouldBeSameAs(launch);
    }

    [Fact]
    public void For_PartOfEachRank_NamesTheRanksOwn() =>
        ResumeWords.For(Launch("out/r{rank}/*.pt", "40.pt", "{checkpoint}"), 1).Command[1]
            .ShouldBe("/job/out/r1/40.pt");

    [Fact]
    public void ForStandbys_SameWordsOnEachRank_KeepsThem()
    {
        var shared = ResumeWords.ForStandbys(new Command { Launch = Launch("out/*.pt", "40.pt", "{checkpoint}") });

        shared.Launch.Command[1].ShouldBe("/job/out/40.pt");
        shared.Launch.StandbyImports.ShouldBe(["torch"]);
    }

    [Fact]
    public void ForStandbys_OtherWordsOnEachRank_HasNone()
    {
        var launch = Launch("out/r{rank}/*.pt", "40.pt", "{checkpoint}");

        ResumeWords.ForStandbys(new Command { Launch = launch }).Launch.StandbyImports.ShouldBeEmpty();
    }

    private static Launch Launch(string watch, string file, string word)
    {
        var launch = new Launch
        {
            WorkingDirectory = "/job",
            Watch = watch,
            IsResumeCommand = true,
            Command = { "python3", word },
            StandbyImports = { "torch" },
            Ranks = { new RankSlot { Rank = 0 }, new RankSlot { Rank = 1, LocalRank = 1 } },
            Resume = new CheckpointManifest { Step = 40 },
        };
        launch.Resume.Shards.Add(new Shard { Rank = 0, Files = { new ShardFile { Name = file } } });
        return launch;
    }
}
