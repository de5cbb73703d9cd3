using System.Globalization;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Ranks;

public class ExitWatchTests
{
    [Fact]
    public async Task Look_ExitCannotBeRead_ReportsTheOthersAndThatOneLater()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch(
            "exec sleep 300", $"until [ -e {host.Root}/go ]; do sleep 0.02; done; exit 5"));
        await host.StartedAsync(0);
        BrokenFile.Unreadable(host.RankFile("exit"));
        await host.Agent.Output.WaitAsync("the failed look", Line("Input/output error"));
        host.Touch("go");

        (await host.ExitedAsync(1)).Exit.Code.ShouldBe(5u);
        File.Delete(host.RankFile("exit"));
        host.Order(new Command { Stop = new Stop() });
        (await host.ExitedAsync(0)).Exit.WasStopped.ShouldBeTrue();
    }

    [Fact]
    public async Task Exit_OlderThanTheStop_IsTheRanksOwn()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("trap 'echo stopping' TERM; echo ready; while :; do sleep 0.05; done"));
        await host.LogHasAsync("ready");
        var crashed = BootClock.Now;
        KillSupervisor(host);
        host.Order(new Command { Stop = new Stop { GraceMs = 10_000 } });
        await host.LogHasAsync("stopping");

        // What a supervisor does that was slow to tell the end of its rank.
        var centiseconds = (long)(crashed.TotalMilliseconds / 10) - 1;
        File.WriteAllText(
            host.RankFile("exit.new"), string.Create(CultureInfo.InvariantCulture, $"3 {centiseconds}\n"));
        File.Move(host.RankFile("exit.new"), host.RankFile("exit"));

        var exit = (await host.ExitedAsync()).Exit;
        exit.Code.ShouldBe(3u);
        exit.WasStopped.ShouldBeFalse();
    }

    [Fact]
    public async Task Supervisor_HasTold_LeavesNoZombie()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exit 1"));
        await host.ExitedAsync();
        var supervisor = File.ReadAllText(host.RankFile("supervisor.pid")).Trim();

        await host.Gateway.Received.WaitAsync("the supervisor's process is gone", message =>
            message.Heartbeat is not null && !Directory.Exists($"/proc/{supervisor}") ? message : null);
    }

    internal static Func<string, string?> Line(string part) =>
        line => line.Contains(part, StringComparison.Ordinal) ? line : null;

    private static void KillSupervisor(HostUnderTest host) => NativeProcess.SignalGroup(
        int.Parse(File.ReadAllText(host.RankFile("supervisor.pid")), CultureInfo.InvariantCulture),
        NativeProcess.SignalKill);
}
