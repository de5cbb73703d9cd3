using Orchestrator.Agent.Host;
using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Ranks;

public class FullDiskTests
{
    [Fact]
    public async Task Launch_RankCannotStartAndStopCannotBeStored_EndsAndReportsEveryRank()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exit 0"));
        await host.ExitedAsync(0);
        // The second launch of the attempt has nothing to store, so that only the note of its failure does not fit.
        DiskFullForJob(host);
        File.WriteAllText(Path.Combine(host.State, "ranks", HostUnderTest.Job, "1", "2"), "no folder");
        var launch = host.Launch("exit 0", "exec sleep 300", "exec sleep 300");
        launch.Launch.Ranks.RemoveAt(0);

        var outcome = await host.OutcomeAsync(host.Order(launch));

        outcome.Refusal.Code.ShouldBe("launch_failed");
        outcome.Refusal.Sentence.ShouldContain("Rank 2");
        var ended = (await host.ExitedAsync(1)).Exit;
        ended.Signal.ShouldBe(9u);
        ended.WasStopped.ShouldBeTrue();
        var missing = (await host.ExitedAsync(2)).Exit;
        missing.Code.ShouldBe(126u);
        missing.LastLines.ShouldNotBeEmpty();
        missing.WasStopped.ShouldBeTrue();
        host.Order(new Command { Stop = new Stop() });
        await host.NewsAsync("gang stopped", news => news.GangStopped);
    }

    [Fact]
    public async Task Release_CannotBeStored_EndsTheRanksAndIsAccepted()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        await host.StartedAsync();
        DiskFullForJob(host);

        var outcome = await host.OutcomeAsync(host.Order(new Command { Release = new Release() }));

        outcome.Accepted.ShouldBeTrue();
        (await host.ExitedAsync()).Exit.WasStopped.ShouldBeTrue();
    }

    [Fact]
    public async Task Stop_NewLeaseCannotBeStored_IsObeyed()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        await host.StartedAsync();
        BrokenFile.DiskFull(Path.Combine(host.State, "lease_number"));
        host.LeaseNumber = 2;

        var launch = await host.OutcomeAsync(host.Order(host.Launch("exec sleep 300"), attempt: 2));
        host.Order(new Command { Stop = new Stop() });

        launch.Refusal.Code.ShouldBe("host_storage_failed");
        (await host.ExitedAsync()).Exit.WasStopped.ShouldBeTrue();
    }

    [Fact]
    public async Task Restart_ScriptCannotBeReplaced_AdoptsAndRenewsAllTheSame()
    {
        await using var host = await HostUnderTest.StartAsync();
        host.Order(host.Launch("exec sleep 300"));
        await host.StartedAsync();
        await host.Agent.KillAsync();
        var script = Path.Combine(host.State, "supervisor.sh");
        File.WriteAllText(script, "# an older version");
        BrokenFile.DiskFull(script);
        var lease = Path.Combine(host.Memory, "job-1.lease");
        var near = BootClock.Format(BootClock.Now + TimeSpan.FromSeconds(60)) + "\n";
        File.WriteAllText(lease, near);

        (await host.StartAgentAsync()).Ranks.ShouldHaveSingleItem().Exit.ShouldBeNull();

        await ChangedAsync(lease, near);
        var launch = await host.OutcomeAsync(host.Order(host.Launch("exit 0"), attempt: 2));
        launch.Refusal.Code.ShouldBe("host_storage_failed");
    }

    /// <summary>A lease is renewed when the control plane has answered; nothing says so but the file.</summary>
    private static async Task ChangedAsync(string file, string text)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await File.ReadAllTextAsync(file, deadline.Token) == text)
        {
            await pace.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static void DiskFullForJob(HostUnderTest host) =>
        BrokenFile.DiskFull(Path.Combine(host.State, "jobs", HostUnderTest.Job + ".json"));
}
