using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Ranks;

public class StopTests
{
    [Fact]
    public async Task Stop_WithoutGrace_KillsTheGroupAtOnce()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("trap '' TERM; sleep 300 & sleep 300"));
        await host.StartedAsync();
        host.Order(new Command { Stop = new Stop() });

        var exit = (await host.ExitedAsync()).Exit;
        exit.Signal.ShouldBe(9u);
        exit.WasStopped.ShouldBeTrue();
        (await host.NewsAsync("gang stopped", news => news.GangStopped)).Attempt.ShouldBe(1u);
    }

    [Fact]
    public async Task Stop_WithGrace_LetsTheRankEndItself()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("trap 'echo saved >&2; exit 4' TERM; echo ready; while :; do sleep 0.05; done"));
        await host.LogHasAsync("ready");
        host.Order(new Command { Stop = new Stop { GraceMs = 10_000 } });

        var exit = (await host.ExitedAsync()).Exit;
        exit.Code.ShouldBe(4u);
        exit.WasStopped.ShouldBeTrue();
        exit.LastLines.ShouldEndWith("saved");
        await host.NewsAsync("gang stopped", news => news.GangStopped);
    }

    [Fact]
    public async Task Stop_GracePasses_KillsTheRank()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("trap '' TERM; echo ready; while :; do sleep 0.05; done"));
        await host.LogHasAsync("ready");
        host.Order(new Command { Stop = new Stop { GraceMs = 100 } });

        (await host.ExitedAsync()).Exit.Signal.ShouldBe(9u);
        await host.NewsAsync("gang stopped", news => news.GangStopped);
    }

    [Fact]
    public async Task Stop_ProcessLeftTheGroup_IsEndedToo()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("setsid sh -c 'echo $$; exec sleep 300' & sleep 300"));
        await host.LogHasAsync("\n");
        var service = int.Parse(host.OutputOf(), null);
        host.Order(new Command { Stop = new Stop() });

        await host.NewsAsync("gang stopped", news => news.GangStopped);
        await host.Agent.Output.WaitAsync("end of the service", ExitWatchTests.Line("outside its ranks"));
        Agent.Host.ProcessTable.StartTicks(service).ShouldBeNull();
    }

    [Fact]
    public async Task Stop_NothingLeftTheGroup_LeavesTheSupervisorsAlone()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300", "exec sleep 300"));
        await host.StartedAsync(1);
        host.Order(new Command { Stop = new Stop() });
        await host.NewsAsync("gang stopped", news => news.GangStopped);
        // A release waits for the whole search, which comes soon enough to meet what supervisors leave for a second.
        await host.OutcomeAsync(host.Order(new Command { Release = new Release() }));

        host.Agent.Output.Snapshot().ShouldNotContain(line => line.Contains("outside its ranks"));
    }

    [Fact]
    public async Task Stop_NothingRuns_SaysSoAndRefusesTheAttemptFromThenOn()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(new Command { Stop = new Stop() }, attempt: 3);
        (await host.NewsAsync("gang stopped", news => news.GangStopped)).Attempt.ShouldBe(3u);

        var late = host.Order(host.Launch("sleep 300"), attempt: 3);

        var outcome = await host.OutcomeAsync(late);
        outcome.Accepted.ShouldBeFalse();
        outcome.Refusal.Code.ShouldBe("attempt_over");
    }
}
