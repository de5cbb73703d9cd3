using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Agent.Tests.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Gpus;

public class GpuFaultTests
{
    [Fact]
    public async Task FaultFile_Appears_IsOneFatalEvent()
    {
        await using var host = new HostUnderTest();
        await host.Gateway.StartAsync();
        var hello = await host.StartAgentAsync();
        // One that cannot be read is no reason to overlook the other, or to end.
        BrokenFile.Unreadable(Path.Combine(host.State, "gpus", "0.fault"));
        await host.Agent.Output.WaitAsync("the failed look", ExitWatchTests.Line("is unreadable"));
        File.WriteAllText(Path.Combine(host.State, "gpus", "1.fault"), "xid_79 GPU has fallen off the bus\n");

        var health = await host.NewsAsync("device health", news => news.DeviceHealth);

        health.GpuUuid.ShouldBe(hello.Gpus[1].Uuid);
        health.Source.ShouldBe("probe");
        health.Code.ShouldBe("xid_79");
        health.Detail.ShouldBe("GPU has fallen off the bus");
        health.IsFatal.ShouldBeTrue();
    }

    [Fact]
    public async Task FaultFile_FoundByARestartedAgent_IsTheSameOccurrenceUntilItIsWrittenAnew()
    {
        await using var host = await HostUnderTest.StartAsync();
        var file = Path.Combine(host.State, "gpus", "1.fault");
        File.WriteAllText(file, "xid_79 GPU has fallen off the bus");
        var first = await host.NewsAsync("device health", news => news.DeviceHealth);

        var second = await AfterRestartAsync(host);
        File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddSeconds(1));
        var third = await AfterRestartAsync(host);

        second.ShouldBe(first);
        third.Code.ShouldBe(first.Code);
        third.Occurrence.ShouldNotBe(first.Occurrence);
    }

    private static async Task<DeviceHealth> AfterRestartAsync(HostUnderTest host)
    {
        await host.Agent.KillAsync();
        var from = host.Gateway.Received.Count;
        await host.StartAgentAsync();
        return await host.NewsAsync("device health of the restarted agent", news => news.DeviceHealth, from);
    }
}
