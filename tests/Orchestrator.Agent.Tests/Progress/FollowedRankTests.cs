using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Progress;

/// <summary>Ranks without the client, whose steps are found in what they write.</summary>
public class FollowedRankTests
{
    private const string Numbered = "step (?<step>[0-9]+)";

    [Theory]
    [InlineData("")]
    [InlineData(" >&2")]
    public async Task Log_StepsInLines_AreReportedLikeThoseOfTheClient(string stream)
    {
        await using var host = await HostUnderTest.StartAsync();
        Launch(host, Log(Numbered), $"for n in 41 42 43; do echo step $n, loss 0.$n{stream}; done; exec sleep 300");

        var first = await FirstStepAsync(host);
        first.Step.ShouldBe(41u);
        await ProgressAsync(host, 43);
    }

    [Fact]
    public async Task Log_RankEndsRightAfterALine_TheLineCountsBeforeTheEnd()
    {
        await using var host = await HostUnderTest.StartAsync();
        Launch(host, Log(Numbered), "echo step 5; printf 'step 6'; exit 3");

        var exit = await host.ExitedAsync();

        exit.HighestStep.ShouldBe(6u);
        var kinds = host.Gateway.Received.Snapshot().Select(message => message.Event?.BodyCase).ToList();
        kinds.IndexOf(AgentEvent.BodyOneofCase.FirstStep).ShouldBeInRange(
            0, kinds.IndexOf(AgentEvent.BodyOneofCase.RankExited));
    }

    [Fact]
    public async Task Log_PatternWithoutStep_CountsLinesOverARestartOfTheAgent()
    {
        await using var host = await HostUnderTest.StartAsync();
        Launch(host, Log("^loss="), """
            for n in 1 2 3; do echo loss=$n; echo other; done
            until [ -e go ]; do sleep 0.02; done
            for n in 4 5; do echo loss=$n; done
            touch written
            until [ -e end ]; do sleep 0.02; done
            echo loss=6
            """);
        (await FirstStepAsync(host)).Step.ShouldBe(1u);
        await ProgressAsync(host, 3);
        await host.Agent.KillAsync();
        host.Touch("go");
        await HostUnderTest.FileAsync(Path.Combine(host.Root, "written"));
        var from = host.Gateway.Received.Count;
        await host.StartAgentAsync();

        await ProgressAsync(host, 5, from);
        host.Touch("end");
        (await host.ExitedAsync()).HighestStep.ShouldBe(6u);
        host.Gateway.Received.Snapshot().Count(message => message.Event?.FirstStep is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Log_RankEndsWhileTheAgentIsAway_HelloHasItsLastStep()
    {
        await using var host = await HostUnderTest.StartAsync();
        Launch(host, Log(Numbered), "echo step 1; until [ -e go ]; do sleep 0.02; done; echo step 2; exit 3");
        await FirstStepAsync(host);
        await host.Agent.KillAsync();
        host.Touch("go");
        await HostUnderTest.FileAsync(host.RankFile("exit"));

        var record = (await host.StartAgentAsync()).Ranks.ShouldHaveSingleItem();

        record.HighestStep.ShouldBe(2u);
        record.FirstStep.ShouldBe(1u);
    }

    [Fact]
    public async Task File_OfEachRank_IsFollowedFromTheLaunchOn()
    {
        await using var host = await HostUnderTest.StartAsync();
        File.WriteAllText(Path.Combine(host.Root, "rank-0.txt"), "step 900\n");
        var policy = new ProgressPolicy { From = ProgressSource.File, Pattern = Numbered, Path = "rank-{rank}.txt" };
        Launch(host, policy, "echo step 3 >> rank-0.txt; exit 1", "echo step 4 > rank-1.txt; exit 1");

        (await host.ExitedAsync(0)).HighestStep.ShouldBe(3u);
        (await host.ExitedAsync(1)).HighestStep.ShouldBe(4u);
    }

    [Fact]
    public async Task File_WithoutPattern_CountsItsChanges()
    {
        await using var host = await HostUnderTest.StartAsync();
        var policy = new ProgressPolicy { From = ProgressSource.File, Path = "beat" };
        Launch(host, policy, "while :; do date +%N > beat; sleep 0.1; done");

        (await FirstStepAsync(host)).Step.ShouldBe(1u);
        await ProgressAsync(host, 3);
    }

    [Fact]
    public async Task Client_WhereTheLogCounts_TellsItsPhaseOnly()
    {
        await using var host = await HostUnderTest.StartAsync();
        Launch(host, Log(Numbered), "echo step 5; exec sleep 300");
        await ProgressAsync(host, 5);
        using var training = new TrainingClient(host);

        await training.ReportAsync(step: 700, firstStep: 700, firstStepAgeMs: 0);

        var progress = await host.Gateway.Received.WaitAsync("the phase in a heartbeat", message =>
            message.Heartbeat?.Ranks.SingleOrDefault(rank => rank.Phase == "train"));
        progress.Step.ShouldBe(5u);
    }

    [Theory]
    [InlineData("(", "", "pattern '('")]
    [InlineData("", "", "no pattern")]
    public async Task Launch_ProgressSenseless_IsRefusedWithTheReason(string pattern, string path, string word)
    {
        await using var host = await HostUnderTest.StartAsync();
        var command = host.Launch("exit 0");
        command.Launch.Progress = new ProgressPolicy { From = ProgressSource.Log, Pattern = pattern, Path = path };

        var outcome = await host.OutcomeAsync(host.Order(command));

        outcome.Refusal.Code.ShouldBe("launch_invalid");
        outcome.Refusal.Sentence.ShouldContain(word);
    }

    private static ProgressPolicy Log(string pattern) => new() { From = ProgressSource.Log, Pattern = pattern };

    private static void Launch(HostUnderTest host, ProgressPolicy policy, params string[] scripts)
    {
        var command = host.Launch(scripts);
        command.Launch.Progress = policy;
        host.Order(command);
    }

    private static Task<FirstStep> FirstStepAsync(HostUnderTest host) =>
        host.NewsAsync("the first step", news => news.FirstStep);

    private static Task<RankProgress> ProgressAsync(HostUnderTest host, ulong step, int from = 0) =>
        host.Gateway.Received.WaitAsync($"step {step} in a heartbeat", message =>
            message.Heartbeat?.Ranks.FirstOrDefault(rank => rank.Step >= step), from);
}
