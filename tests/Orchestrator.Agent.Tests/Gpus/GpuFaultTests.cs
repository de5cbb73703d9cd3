using Orchestrator.Agent.Tests.Fixture;

namespace Orchestrator.Agent.Tests.Gpus;

public class GpuFaultTests
{
    [Fact]
    public async Task FaultFile_Appears_IsOneFatalEvent()
    {
        await using var host = new HostUnderTest();
        await host.Gateway.StartAsync();
        var hello = await host.StartAgentAsync();
        File.WriteAllText(Path.Combine(host.State, "gpus", "1.fault"), "xid_79 GPU has fallen off the bus\n");

        var health = await host.NewsAsync("device health", news => news.DeviceHealth);

        health.GpuUuid.ShouldBe(hello.Gpus[1].Uuid);
        health.Source.ShouldBe("probe");
        health.Code.ShouldBe("xid_79");
        health.Detail.ShouldBe("GPU has fallen off the bus");
        health.IsFatal.ShouldBeTrue();
    }
}
