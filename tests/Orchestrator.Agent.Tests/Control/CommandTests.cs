using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Control;

public class CommandTests
{
    [Fact]
    public async Task Accept_LowerLease_IsRefusedAlsoAfterRestart()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.LeaseNumber = 7;
        await host.OutcomeAsync(host.Order(new Command { Stop = new Stop() }));
        host.LeaseNumber = 6;
        var early = await host.OutcomeAsync(host.Order(host.Launch("exec sleep 300"), attempt: 2));
        early.Refusal.Code.ShouldBe("stale_lease");

        await host.Agent.KillAsync();
        (await host.StartAgentAsync()).LeaseNumber.ShouldBe(7u);
        var late = await host.OutcomeAsync(host.Order(host.Launch("exec sleep 300"), attempt: 2));

        late.Accepted.ShouldBeFalse();
        late.Refusal.Code.ShouldBe("stale_lease");
        Directory.Exists(Path.GetDirectoryName(host.RankFile("spec.json", attempt: 2))).ShouldBeFalse();
    }

    [Fact]
    public async Task Accept_SameOperationTwice_HasOneEffectAndTheSameAnswer()
    {
        await using var host = await HostUnderTest.StartAsync();
        var command = host.Launch($"echo run >> {host.Root}/runs; exec sleep 300");
        var operation = host.Order(command);
        var first = await host.StartedAsync();
        var from = host.Gateway.Received.Count;

        host.Gateway.Send(new GatewayMessage { Command = command });

        (await host.OutcomeAsync(operation, from)).Accepted.ShouldBeTrue();
        var again = await host.NewsAsync("start told again", news => news.RankStarted, from);
        again.Pid.ShouldBe(first.Pid);
        // Started means that its process exists; what the process does comes later.
        await HostUnderTest.FileAsync(Path.Combine(host.Root, "runs"));
        host.Order(new Command { Stop = new Stop() });
        await host.ExitedAsync();
        File.ReadAllLines(Path.Combine(host.Root, "runs")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Accept_SameLaunchAfterRestart_FindsItsWorkDone()
    {
        await using var host = await HostUnderTest.StartAsync();
        var command = host.Launch("exec sleep 300");
        var operation = host.Order(command);
        var first = await host.StartedAsync();
        await host.Agent.KillAsync();
        await host.StartAgentAsync();
        var from = host.Gateway.Received.Count;

        host.Gateway.Send(new GatewayMessage { Command = command });

        (await host.OutcomeAsync(operation, from)).Accepted.ShouldBeTrue();
        (await host.NewsAsync("start", news => news.RankStarted, from)).Pid.ShouldBe(first.Pid);
    }

    [Fact]
    public async Task Launch_EarlierAttemptRuns_EndsItFirst()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        await host.StartedAsync();

        host.Order(host.Launch("exec sleep 300"), attempt: 2);

        await host.StartedAsync(attempt: 2);
        var exit = await host.ExitedAsync(attempt: 1);
        exit.Exit.WasStopped.ShouldBeTrue();
        var late = await host.OutcomeAsync(host.Order(host.Launch("exec sleep 300"), attempt: 1));
        late.Refusal.Code.ShouldBe("attempt_over");
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("")]
    public async Task Accept_JobIdThatIsNoFolderName_IsRefused(string jobId)
    {
        await using var host = await HostUnderTest.StartAsync();
        var command = new Command { OperationId = "op", JobId = jobId, Attempt = 1, Stop = new Stop() };
        host.Gateway.Send(new GatewayMessage { Command = command });

        (await host.OutcomeAsync("op")).Refusal.Code.ShouldBe("job_id_invalid");
    }
}
