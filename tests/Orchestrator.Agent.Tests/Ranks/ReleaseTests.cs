using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Ranks;

public class ReleaseTests
{
    [Theory]
    [InlineData(2u)]
    [InlineData(0u)]
    public async Task Release_RankRuns_IsAnsweredWhenItHasEnded(uint attempt)
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"), attempt: 2);
        await host.StartedAsync(attempt: 2);

        var operation = host.Order(new Command { Release = new Release() }, attempt);

        (await host.OutcomeAsync(operation)).Accepted.ShouldBeTrue();
        (await host.NewsAsync("gang stopped", news => news.GangStopped)).Attempt.ShouldBe(2u);
        var kinds = host.Gateway.Received.Snapshot().Select(message => message.Event).OfType<AgentEvent>()
            .Where(news => news.Outcome is null || news.Outcome.OperationId == operation)
            .Select(news => news.BodyCase).ToList();
        kinds.ShouldBe([
            AgentEvent.BodyOneofCase.RankStarted, AgentEvent.BodyOneofCase.RankExited,
            AgentEvent.BodyOneofCase.Outcome, AgentEvent.BodyOneofCase.GangStopped,
        ]);
        await host.Agent.KillAsync();
        (await host.StartAgentAsync()).Ranks.ShouldBeEmpty();
    }

    [Fact]
    public async Task Release_EarlierAttempt_LeavesTheLaterOneAlone()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"), attempt: 2);
        var pid = (await host.StartedAsync(attempt: 2)).Pid;

        await host.OutcomeAsync(host.Order(new Command { Release = new Release() }));

        Agent.Host.ProcessTable.StartTicks((int)pid).ShouldNotBeNull();
        File.Exists(Path.Combine(host.Memory, "job-1.lease")).ShouldBeTrue();
    }
}
