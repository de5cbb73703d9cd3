using Orchestrator.Agent.Host;
using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Ranks;

public class AdoptionTests
{
    [Fact]
    public async Task Restart_RanksRunning_AdoptsThemAndReportsTheirExit()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch($"until [ -e {host.Root}/go ]; do sleep 0.02; done; echo end >&2; exit 5"));
        var pid = (await host.StartedAsync()).Pid;
        await host.Agent.KillAsync();

        var record = (await host.StartAgentAsync()).Ranks.ShouldHaveSingleItem();
        record.Pid.ShouldBe(pid);
        record.Exit.ShouldBeNull();
        record.LeaseNumber.ShouldBe(1u);
        host.Touch("go");

        var exit = (await host.ExitedAsync()).Exit;
        exit.Code.ShouldBe(5u);
        exit.LastLines.ShouldBe("end");
    }

    [Fact]
    public async Task Restart_RankEndedMeanwhile_HelloHasItsExit()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch($"until [ -e {host.Root}/go ]; do sleep 0.02; done; echo end >&2; exit 5"));
        await host.StartedAsync();
        await host.Agent.KillAsync();
        host.Touch("go");
        await HostUnderTest.FileAsync(host.RankFile("exit"));

        var exit = (await host.StartAgentAsync()).Ranks.ShouldHaveSingleItem().Exit;

        exit.Code.ShouldBe(5u);
        exit.Signal.ShouldBe(0u);
        exit.LastLines.ShouldBe("end");
        exit.WasStopped.ShouldBeFalse();
    }

    [Fact]
    public async Task Restart_RankAndSupervisorGone_HelloSaysKilled()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("echo words >&2; echo ready; exec sleep 300"));
        await host.LogHasAsync("ready");
        await host.Agent.KillAsync();
        var supervisor = int.Parse(File.ReadAllText(host.RankFile("supervisor.pid")), null);
        NativeProcess.SignalGroup(supervisor, NativeProcess.SignalKill);
        NativeProcess.SignalGroup((int)(await host.StartedAsync()).Pid, NativeProcess.SignalKill);

        var exit = (await host.StartAgentAsync()).Ranks.ShouldHaveSingleItem().Exit;

        exit.Signal.ShouldBe(9u);
        exit.LastLines.ShouldBe("words");
    }

    [Fact]
    public async Task Terminate_RanksRunning_LeavesThemAlone()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        var pid = (await host.StartedAsync()).Pid;

        (await host.Agent.TerminateAsync()).ShouldBe(0);

        ProcessTable.StartTicks((int)pid).ShouldNotBeNull();
        var record = (await host.StartAgentAsync()).Ranks.ShouldHaveSingleItem();
        record.Exit.ShouldBeNull();
    }

    [Fact]
    public async Task Release_RankRuns_EndsItAndDropsItFromTheHello()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        await host.StartedAsync();
        host.Order(new Command { Release = new Release() });
        await host.NewsAsync("gang stopped", news => news.GangStopped);

        File.Exists(Path.Combine(host.Memory, "job-1.lease")).ShouldBeFalse();
        File.Exists(host.RankFile("stdout.log")).ShouldBeTrue();
        await host.Agent.KillAsync();
        (await host.StartAgentAsync()).Ranks.ShouldBeEmpty();
    }
}
