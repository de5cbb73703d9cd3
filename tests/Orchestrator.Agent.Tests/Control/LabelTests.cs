using Orchestrator.Agent.Tests.Fixture;

namespace Orchestrator.Agent.Tests.Control;

public class LabelTests
{
    [Fact]
    public async Task Hello_AgentWithLabels_TellsThem()
    {
        await using var host = new HostUnderTest();
        await host.Gateway.StartAsync();

        (await host.StartAgentAsync()).Labels.ShouldHaveSingleItem().ShouldBe(new("rack", "a"));
    }
}
