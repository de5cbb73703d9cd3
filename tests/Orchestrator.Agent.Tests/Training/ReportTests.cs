using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Training;

public class ReportTests
{
    [Fact]
    public async Task Report_FirstStep_IsAnEventWithItsAgeAndProgressRidesOnHeartbeats()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        await host.StartedAsync();
        using var training = new TrainingClient(host);

        await training.ReportAsync(step: 42, firstStep: 41, firstStepAgeMs: 5_000);
        var reply = await training.ReportAsync(step: 43, firstStep: 41, firstStepAgeMs: 6_000);

        reply.ShouldStop.ShouldBeFalse();
        reply.NextIntervalMs.ShouldBeGreaterThan(0u);
        var first = await host.NewsAsync("first step", news => news.FirstStep is null ? null : news);
        first.FirstStep.Step.ShouldBe(41u);
        first.AgeMs.ShouldBeGreaterThanOrEqualTo(5_000u);
        await host.Gateway.Received.WaitAsync("progress in a heartbeat", message =>
            message.Heartbeat?.Ranks.SingleOrDefault(rank => rank is { Step: 43, Phase: "train" }));
        host.Gateway.Received.Snapshot().Count(message => message.Event?.FirstStep is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Report_AfterRestart_HelloStillKnowsTheSteps()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        await host.StartedAsync();
        using var training = new TrainingClient(host);
        await training.ReportAsync(step: 41, firstStep: 41, firstStepAgeMs: 0);
        await host.Agent.KillAsync();

        var record = (await host.StartAgentAsync()).Ranks.ShouldHaveSingleItem();

        record.FirstStep.ShouldBe(41u);
        record.HighestStep.ShouldBe(41u);
        // The same client goes on: the socket has the same path.
        await training.ReportAsync(step: 42, firstStep: 41, firstStepAgeMs: 0);
    }

    [Fact]
    public async Task Report_GracefulStop_SaysShouldStop()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("trap '' TERM; echo ready; while :; do sleep 0.05; done"));
        await host.LogHasAsync("ready");
        using var training = new TrainingClient(host);
        await host.OutcomeAsync(host.Order(new Command { Stop = new Stop { GraceMs = 60_000 } }));

        (await training.ReportAsync(step: 1, firstStep: 1, firstStepAgeMs: 0)).ShouldStop.ShouldBeTrue();
        // A second, harder stop does not wait for the grace of the first.
        host.Order(new Command { Stop = new Stop() });
        (await host.ExitedAsync()).Exit.Signal.ShouldBe(9u);
    }
}
