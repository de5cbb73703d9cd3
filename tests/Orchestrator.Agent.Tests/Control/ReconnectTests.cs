using Orchestrator.Agent.Host;
using Orchestrator.Agent.Tests.Fixture;

namespace Orchestrator.Agent.Tests.Control;

public class ReconnectTests
{
    [Fact]
    public async Task Silo_AwayAndBack_EventsAreSentAgainAndRanksUntouched()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Gateway.Acknowledges = false;
        host.Order(host.Launch("exec sleep 300", $"until [ -e {host.Root}/go ]; do sleep 0.02; done; exit 5"));
        var pid = (await host.StartedAsync(0)).Pid;
        await host.StartedAsync(1);
        await host.Gateway.StopAsync();
        host.Touch("go");
        await HostUnderTest.FileAsync(host.RankFile("exit", rank: 1));
        var from = host.Gateway.Received.Count;
        host.Gateway.Acknowledges = true;
        await host.Gateway.StartAsync();

        var hello = await host.HelloAsync(from);
        hello.SessionNumber.ShouldBeGreaterThan(1u);
        hello.Ranks.Count.ShouldBe(2);
        await host.NewsAsync("outcome sent again", news => news.Outcome, from);
        await host.NewsAsync("start sent again", news => news.RankStarted, from);
        var exit = await host.NewsAsync("exit", news => news.RankExited, from);
        exit.Rank.ShouldBe(1u);
        exit.Exit.Code.ShouldBe(5u);
        ProcessTable.StartTicks((int)pid).ShouldNotBeNull();
    }

    [Fact]
    public async Task Events_OverSessions_HaveRisingIds()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exit 1", "exit 2"));
        await host.ExitedAsync(0);
        await host.ExitedAsync(1);
        await host.Agent.KillAsync();
        var before = host.Gateway.Received.Count;
        await host.StartAgentAsync();
        host.Order(host.Launch("exit 1"), attempt: 2);
        await host.ExitedAsync(attempt: 2);

        var all = host.Gateway.Received.Snapshot();
        var earlier = all.Take(before).Max(message => message.Event?.EventId ?? 0);
        all.Skip(before).ShouldAllBe(message => message.Event == null || message.Event.EventId > earlier);
    }

    [Fact]
    public async Task Hello_EarlierAttemptsEnded_NamesTheNewestOnly()
    {
        await using var host = await HostUnderTest.StartAsync();
        for (uint attempt = 1; attempt <= 2; attempt++)
        {
            host.Order(host.Launch("exit 1"), attempt);
            await host.ExitedAsync(attempt: attempt);
        }

        await host.Agent.KillAsync();

        (await host.StartAgentAsync()).Ranks.ShouldHaveSingleItem().Attempt.ShouldBe(2u);
    }

    [Fact]
    public async Task Session_OfWipedHost_CatchesUpInAFewTries()
    {
        await using var host = new HostUnderTest();
        host.Gateway.NewestSession = 57;
        await host.Gateway.StartAsync();
        await host.StartAgentAsync();

        var accepted = await host.Gateway.Received.WaitAsync("a session that is newer", message =>
            message.Hello is { SessionNumber: > 57 } hello ? hello : null);

        accepted.SessionNumber.ShouldBe(63u);
        host.Gateway.Received.Snapshot().Count(message => message.Hello is not null).ShouldBe(6);
    }

    [Fact]
    public async Task Hello_OfFreshHost_NamesItsDevices()
    {
        await using var host = new HostUnderTest();
        await host.Gateway.StartAsync();
        var hello = await host.StartAgentAsync();

        hello.Node.ShouldBe("host1");
        hello.Address.ShouldBe("127.0.1.1");
        hello.SessionNumber.ShouldBe(1u);
        hello.BootId.ShouldBe(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());
        hello.Gpus.Count.ShouldBe(2);
        hello.Gpus.ShouldAllBe(gpu => gpu.IsVirtual);
        hello.Gpus[0].Uuid.ShouldNotBe(hello.Gpus[1].Uuid);
    }
}
