using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Leases;

/// <summary>A whole host that is stopped for longer than its lease and goes on: agent, supervisors and ranks.</summary>
public class StoppedHostTests
{
    private const uint ShortLease = 2_000;

    [Fact]
    public async Task Continued_LeaseOver_EveryRankEndsAndTheAgentSaysWhyAndAttachesAnew()
    {
        await using var host = await StartAsync(ranks: 3);
        var session = (await host.HelloAsync(0)).SessionNumber;
        using var frozen = FrozenHost.Stop(host, ranks: 3);
        await host.Gateway.StopAsync();
        await frozen.PassAsync(TimeSpan.FromMilliseconds(ShortLease * 1.5));
        var from = host.Gateway.Received.Count;
        await host.Gateway.StartAsync();

        frozen.Continue();

        (await host.HelloAsync(from)).SessionNumber.ShouldBeGreaterThan(session);
        for (uint rank = 0; rank < 3; rank++)
        {
            var exit = await EndAsync(host, rank, from);
            exit.Signal.ShouldBe(9u);
            exit.LeaseExpired.ShouldBeTrue();
            exit.WasStopped.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Continued_SupervisorsStayBehind_TheAgentEndsTheRanksAndRefusesTheirShards()
    {
        await using var host = await StartAsync(ranks: 1);
        using var training = new TrainingClient(host);
        var opened = await training.BeginAsync(step: 5);
        File.WriteAllText(Path.Combine(opened.Directory, "state.json"), "{}");
        using var frozen = FrozenHost.Stop(host, ranks: 1);
        await frozen.PassAsync(TimeSpan.FromMilliseconds(ShortLease * 1.5));

        frozen.ContinueAgent();
        var reply = await training.CommitAsync(step: 5, opened.Directory);

        reply.Stored.ShouldBeFalse();
        reply.RefusalCode.ShouldBe("lease_expired");
        (await training.BeginAsync(step: 6)).RefusalCode.ShouldBe("lease_expired");
        await host.Agent.Output.WaitAsync("the agent says what happened", line =>
            line.Contains("ran out before it could be renewed", StringComparison.Ordinal) ? line : null);
        // The rank is gone although its own supervisor has not gone on yet.
        frozen.Continue();
        (await EndAsync(host, 0, 0)).LeaseExpired.ShouldBeTrue();
        host.Gateway.Received.Snapshot().ShouldAllBe(message => message.Event == null
            || message.Event.ShardStored == null);
    }

    [Fact]
    public async Task Restarted_LeaseOver_RanksAreNotGivenANewOne()
    {
        await using var host = await StartAsync(ranks: 1);
        using var frozen = FrozenHost.Stop(host, ranks: 1);
        await host.Agent.KillAsync();
        await frozen.PassAsync(TimeSpan.FromMilliseconds(ShortLease * 1.5));
        var lease = await File.ReadAllTextAsync(Path.Combine(host.Memory, "job-1.lease"));

        await host.StartAgentAsync();

        await host.Agent.Output.WaitAsync("the agent says what happened", line =>
            line.Contains("ran out before it could be renewed", StringComparison.Ordinal) ? line : null);
        (await File.ReadAllTextAsync(Path.Combine(host.Memory, "job-1.lease"))).ShouldBe(lease);
        frozen.Continue();
        (await host.ExitedAsync()).Exit.LeaseExpired.ShouldBeTrue();
    }

    private static async Task<HostUnderTest> StartAsync(int ranks)
    {
        var host = await HostUnderTest.StartAsync();
        var command = host.Launch([.. Enumerable.Repeat("while :; do sleep 0.05; done", ranks)]);
        command.Launch.LeaseMs = ShortLease;
        host.Order(command);
        for (uint rank = 0; rank < ranks; rank++)
            await host.StartedAsync(rank);
        return host;
    }

    // Told by an event, or by the hello where the rank had ended by then.
    private static Task<RankExit> EndAsync(HostUnderTest host, uint rank, int from) =>
        host.Gateway.Received.WaitAsync($"the end of rank {rank}", message =>
            message.Event?.RankExited is { } exited && exited.Rank == rank ? exited.Exit
                : message.Hello?.Ranks.FirstOrDefault(record => record.Rank == rank)?.Exit, from);
}
