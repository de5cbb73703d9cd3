using System.Globalization;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Ranks;

/// <summary>What must not be lost, and not be mistaken, while a host has no agent.</summary>
public class AgentAwayTests
{
    [Fact]
    public async Task Restart_RankWroteMeanwhile_LogsAreWhole()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("echo before; until [ -e go ]; do sleep 0.02; done; echo meanwhile; echo err >&2"));
        await host.LogHasAsync("before");
        await host.Agent.KillAsync();
        host.Touch("go");
        await HostUnderTest.FileAsync(host.RankFile("exit"));

        var record = (await host.StartAgentAsync()).Ranks.ShouldHaveSingleItem();

        record.Exit.Code.ShouldBe(0u);
        await host.LogHasAsync("before\nmeanwhile\n");
        File.ReadAllText(host.RankFile("stderr.log")).ShouldBe("err\n");
    }

    [Fact]
    public async Task Restart_ProcessIdsUsedByOthers_NeitherAdoptsNorSignalsThem()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        var rank = (int)(await host.StartedAsync()).Pid;
        await host.Agent.KillAsync();
        var supervisor = int.Parse(File.ReadAllText(host.RankFile("supervisor.pid")), CultureInfo.InvariantCulture);
        NativeProcess.SignalGroup(supervisor, NativeProcess.SignalKill);
        NativeProcess.SignalGroup(rank, NativeProcess.SignalKill);
        // The kernel gives both ids to a process of somebody else, whose start time is its own.
        var stranger = NativeSpawn.Start(
            ["/bin/sleep", "300"], new Dictionary<string, string>(), Path.Combine(host.Root, "stranger.log"));
        var lines = File.ReadAllLines(host.RankFile("rank.pid"));
        File.WriteAllText(host.RankFile("rank.pid"), $"{stranger}\n{lines[1]}\n");
        File.WriteAllText(host.RankFile("supervisor.pid"), $"{stranger}\n");

        var record = (await host.StartAgentAsync()).Ranks.ShouldHaveSingleItem();
        await host.OutcomeAsync(host.Order(new Command { Release = new Release() }));

        record.Exit.Signal.ShouldBe(9u);
        ProcessTable.StartTicks(stranger).ShouldNotBeNull("the agent ended a process that is none of its own");
        NativeProcess.Signal(stranger, NativeProcess.SignalKill);
    }

    [Fact]
    public async Task Restart_HostBootedAnew_TakesNoProcessForItsOwn()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        await host.StartedAsync();
        await host.Agent.KillAsync();

        var hello = await host.StartAgentAsync(bootId: "another-boot");

        hello.BootId.ShouldBe("another-boot");
        hello.Ranks.ShouldHaveSingleItem().Exit.Signal.ShouldBe(9u);
    }

    [Fact]
    public async Task Restart_ManyRanks_AdoptsTheRunningAndTellsTheEndsOfTheOthers()
    {
        const uint count = 32;
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch([.. Enumerable.Range(0, (int)count).Select(rank =>
            rank % 2 == 0 ? "exec sleep 300" : $"until [ -e go ]; do sleep 0.1; done; exit {rank}")]));
        var pids = new Dictionary<uint, uint>();
        for (uint rank = 0; rank < count; rank++)
            pids[rank] = (await host.StartedAsync(rank)).Pid;
        await host.Agent.KillAsync();
        host.Touch("go");
        for (uint rank = 1; rank < count; rank += 2)
            await HostUnderTest.FileAsync(host.RankFile("exit", rank));

        var records = (await host.StartAgentAsync()).Ranks;

        records.ToDictionary(record => record.Rank, record => record.Pid).ShouldBe(pids, ignoreOrder: true);
        records.ShouldAllBe(record => record.Rank % 2 == 0 ? record.Exit == null : record.Exit.Code == record.Rank);
        host.Order(new Command { Stop = new Stop() });
        await host.NewsAsync("gang stopped", news => news.GangStopped);
    }
}
