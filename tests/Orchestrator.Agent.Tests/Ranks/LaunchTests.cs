using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Ranks;

public class LaunchTests
{
    [Fact]
    public async Task Launch_RankFails_ReportsCodeAndLastLines()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("echo out; echo 'the cause' >&2; exit 3", "kill -KILL $$"));

        (await host.StartedAsync(0)).Pid.ShouldBeGreaterThan(1u);
        var failed = await host.ExitedAsync(0);
        failed.Exit.Code.ShouldBe(3u);
        failed.Exit.Signal.ShouldBe(0u);
        failed.Exit.LastLines.ShouldBe("the cause");
        failed.Exit.WasStopped.ShouldBeFalse();
        var killed = await host.ExitedAsync(1);
        killed.Exit.Signal.ShouldBe(9u);
        killed.Exit.WasStopped.ShouldBeFalse();
    }

    [Fact]
    public async Task Launch_Rank_HasTheEnvironmentOfTorchrunAndOfTheJob()
    {
        await using var host = await HostUnderTest.StartAsync();
        var command = host.Launch("env");
        command.Launch.Environment["RANK"] = "7";
        command.Launch.Environment["MY_SETTING"] = "a b";
        command.Launch.Resume = new CheckpointManifest { JobId = HostUnderTest.Job, Step = 12, Attempt = 1 };
        command.Launch.Resume.Shards.Add(new Shard { Rank = 0, Path = "step-00000012/attempt-1/rank-0-abc" });
        host.Order(command, attempt: 2);

        await host.ExitedAsync(attempt: 2);
        var lines = host.OutputOf(attempt: 2).Split('\n');
        lines.ShouldContain("RANK=0");
        lines.ShouldContain("WORLD_SIZE=1");
        lines.ShouldContain("MASTER_PORT=29500");
        lines.ShouldContain("TORCHELASTIC_RESTART_COUNT=1");
        lines.ShouldContain("ORCHESTRATOR_ATTEMPT=2");
        lines.ShouldContain("ORCHESTRATOR_NODE=host1");
        lines.ShouldContain("ORCHESTRATOR_RESUME_STEP=12");
        lines.ShouldContain("ORCHESTRATOR_RESUME_PATHS=", "the agent gives the path, after it has read what is there");
        lines.ShouldContain("MY_SETTING=a b");
        lines.ShouldContain("OMP_NUM_THREADS=1");
        lines.ShouldNotContain(line => line.StartsWith("_orch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Launch_Rank_InheritsNoDescriptorAndNoIgnoredSignal()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("ls -m /proc/$$/fd; grep SigIgn /proc/$$/status"));

        await host.ExitedAsync();
        host.OutputOf().ShouldBe("0, 1, 2\nSigIgn:\t0000000000000000\n");
    }

    [Fact]
    public async Task Launch_RankEndsAtOnce_IsToldToStartBeforeItIsToldToEnd()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exit 1", "exit 2", "exit 3"));
        for (uint rank = 0; rank < 3; rank++)
            await host.ExitedAsync(rank);

        var kinds = host.Gateway.Received.Snapshot().Select(message => message.Event?.BodyCase).OfType<
            AgentEvent.BodyOneofCase>().ToList();
        kinds[0].ShouldBe(AgentEvent.BodyOneofCase.Outcome);
        kinds.Skip(1).Take(3).ShouldAllBe(kind => kind == AgentEvent.BodyOneofCase.RankStarted);
        kinds.Skip(4).ShouldAllBe(kind => kind == AgentEvent.BodyOneofCase.RankExited);
    }

    [Theory]
    [InlineData("relative", 10_000u, "working directory")]
    [InlineData("/", 5u, "lease")]
    public async Task Launch_Senseless_IsRefusedWithTheReason(string directory, uint leaseMs, string word)
    {
        await using var host = await HostUnderTest.StartAsync();
        var command = host.Launch("exit 0");
        command.Launch.WorkingDirectory = directory;
        command.Launch.LeaseMs = leaseMs;

        var outcome = await host.OutcomeAsync(host.Order(command));

        outcome.Refusal.Code.ShouldBe("launch_invalid");
        outcome.Refusal.Sentence.ShouldContain(word);
    }

    [Fact]
    public async Task Launch_ProgramMissing_ReportsTheShellsWords()
    {
        await using var host = await HostUnderTest.StartAsync();
        var command = host.Launch("");
        command.Launch.Command.Clear();
        command.Launch.Command.Add("no-such-program");

        (await host.OutcomeAsync(host.Order(command))).Accepted.ShouldBeTrue();

        var exit = (await host.ExitedAsync()).Exit;
        exit.Code.ShouldBe(127u);
        exit.WasStopped.ShouldBeFalse();
        exit.LastLines.ShouldContain("no-such-program");
    }

    [Fact]
    public async Task Launch_WorkingDirectoryMissing_LooksLikeTheRanksOwnExit()
    {
        await using var host = await HostUnderTest.StartAsync();
        var command = host.Launch("exit 0");
        command.Launch.WorkingDirectory = Path.Combine(host.Root, "no-such-folder");

        (await host.OutcomeAsync(host.Order(command))).Accepted.ShouldBeTrue();

        var exit = (await host.ExitedAsync()).Exit;
        exit.Code.ShouldBe(126u);
        exit.LastLines.ShouldContain("no-such-folder");
        exit.WasStopped.ShouldBeFalse();
    }

    [Fact]
    public async Task Launch_CommandTooLongForTheKernel_LooksLikeTheRanksOwnExit()
    {
        await using var host = await HostUnderTest.StartAsync();
        var command = host.Launch("exit 0");
        command.Launch.Command.Add(new string('x', 200_000));

        (await host.OutcomeAsync(host.Order(command))).Accepted.ShouldBeTrue();

        var exit = (await host.ExitedAsync()).Exit;
        exit.Code.ShouldBe(126u);
        exit.LastLines.ShouldContain("too long");
        exit.WasStopped.ShouldBeFalse();
    }

    [Fact]
    public async Task Launch_LeavesChildBehind_ChildIsEndedWithItsRank()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("sleep 300 & echo $!; exit 1"));

        await host.ExitedAsync();
        var child = int.Parse(host.OutputOf(), null);
        Agent.Host.ProcessTable.StartTicks(child).ShouldBeNull();
    }
}
