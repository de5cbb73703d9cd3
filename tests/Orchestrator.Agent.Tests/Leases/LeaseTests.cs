using Orchestrator.Agent.Tests.Fixture;

namespace Orchestrator.Agent.Tests.Leases;

public class LeaseTests
{
    private const uint ShortLease = 2_000;

    [Fact]
    public async Task Renewal_AgentSuspended_SupervisorEndsTheWholeGroup()
    {
        await using var host = await HostUnderTest.StartAsync();
        var command = host.Launch("sleep 300 & echo $!; sleep 300");
        command.Launch.LeaseMs = ShortLease;
        host.Order(command);
        await host.LogHasAsync("\n");
        var child = int.Parse(host.OutputOf(), null);

        host.Agent.Suspend();
        await HostUnderTest.FileAsync(host.RankFile("exit"));
        await KilledProcess.GoneAsync(child);
        host.Agent.Resume();

        var exit = (await host.ExitedAsync()).Exit;
        exit.Signal.ShouldBe(9u);
        exit.LeaseExpired.ShouldBeTrue();
        exit.WasStopped.ShouldBeTrue();
    }

    [Fact]
    public async Task Renewal_AgentRuns_RankOutlivesManyLeases()
    {
        await using var host = await HostUnderTest.StartAsync();
        var command = host.Launch("sleep 5; exit 6");
        command.Launch.LeaseMs = ShortLease;
        host.Order(command);

        (await host.ExitedAsync()).Exit.Code.ShouldBe(6u);
    }

    [Fact]
    public async Task Memory_Deleted_RanksEndAsWithTheirHost()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        await host.StartedAsync();
        await host.Agent.KillAsync();
        Directory.Delete(host.Memory, recursive: true);

        await HostUnderTest.FileAsync(host.RankFile("lease_expired"));
    }
}
