using Orchestrator.Agent.Ranks;
using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Standbys;

public class StandbyEndTests
{
    [Fact]
    public async Task Release_StandbyWaits_EndsItBeforeItIsConfirmed()
    {
        await using var standbys = await StandbyHost.StartAsync();
        await standbys.TrainAsync(standbys.Launch());
        var standby = await standbys.ReadyAsync();

        await standbys.Host.OutcomeAsync(standbys.Host.Order(new Command { Release = new Release() }));

        standby.IsAlive.ShouldBeFalse();
        Directory.GetFileSystemEntries(standbys.Folder).ShouldBeEmpty();
        standbys.Host.Agent.Output.Snapshot().ShouldNotContain(line => line.Contains("outside its ranks"));
    }

    [Fact]
    public async Task Lease_RunsOut_EndsTheStandby()
    {
        await using var standbys = await StandbyHost.StartAsync();
        await standbys.TrainAsync(standbys.Launch(leaseMs: 4_000));
        var standby = await standbys.ReadyAsync();
        var folder = standbys.Standby().Path;

        standbys.Host.Agent.Suspend();
        await HostUnderTest.FileAsync(Path.Combine(folder, "exit"));

        standby.IsAlive.ShouldBeFalse();
        File.Exists(Path.Combine(folder, "lease_expired")).ShouldBeTrue();
    }

    [Fact]
    public async Task Agent_KilledWhileAStandbyWaits_LeavesNoneAndTheNextOneMakesAnother()
    {
        await using var standbys = await StandbyHost.StartAsync();
        await standbys.TrainAsync(standbys.Launch());
        var standby = await standbys.ReadyAsync();
        var folder = standbys.Standby();

        await standbys.Host.Agent.KillAsync();
        await HostUnderTest.FileAsync(Path.Combine(folder.Path, "exit"));
        standby.IsAlive.ShouldBeFalse();
        await standbys.Host.StartAgentAsync();

        (await standbys.ReadyAsync()).ShouldNotBe(standby);
        Directory.Exists(folder.Path).ShouldBeFalse();
    }

    [Fact]
    public async Task Agent_KilledWhileAStandbyImports_TheNextOneEndsIt()
    {
        await using var standbys = await StandbyHost.StartAsync();
        await File.WriteAllTextAsync(standbys.Hold, "");
        await standbys.TrainAsync(standbys.Launch());
        await standbys.SaysAsync("Started standby");
        var folder = standbys.Standby();
        await HostUnderTest.FileAsync(Path.Combine(folder.Path, "rank.pid"));

        await standbys.Host.Agent.KillAsync();
        var process = folder.ReadProcess().ShouldNotBeNull();
        process.IsAlive.ShouldBeTrue();
        await standbys.Host.StartAgentAsync();
        await standbys.SaysAsync("Started standby");
        File.Delete(standbys.Hold);
        await standbys.ReadyAsync();

        process.IsAlive.ShouldBeFalse();
    }

    [Fact]
    public async Task Agent_KilledBetweenRenameAndCall_LeavesARankThatEnded()
    {
        await using var standbys = await StandbyHost.StartAsync();
        var host = standbys.Host;
        await standbys.TrainAsync(standbys.Launch());
        var standby = await standbys.ReadyAsync();
        await standbys.StopAsync(1);
        host.Agent.Suspend();
        var folder = standbys.Standby();
        const string bootId = "boot-1";
        folder.WriteSpec(new RankSpec(HostUnderTest.Job, 2, 0, 1, bootId, "", null) { StartedIn = folder.Path });
        var place = Path.GetDirectoryName(host.RankFile("spec.json", attempt: 2))!;
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        Directory.Move(folder.Path, place);

        await host.Agent.KillAsync();
        await HostUnderTest.FileAsync(host.RankFile("exit", attempt: 2));
        var hello = await host.StartAgentAsync(bootId);

        standby.IsAlive.ShouldBeFalse();
        var record = hello.Ranks.Single(rank => rank.Attempt == 2);
        record.Exit.Signal.ShouldBe(9u);
        host.OutputOf(attempt: 2).ShouldBeEmpty();
    }

    [Fact]
    public async Task Agent_KilledAfterTheStandbyBecameARank_TheNextOneAdoptsIt()
    {
        await using var standbys = await StandbyHost.StartAsync();
        var host = standbys.Host;
        await standbys.TrainAsync(standbys.Launch());
        var standby = await standbys.ReadyAsync();
        await standbys.StopAsync(1);
        host.Order(standbys.Launch(), attempt: 2);
        await host.StartedAsync(attempt: 2);

        await host.Agent.KillAsync();
        var hello = await host.StartAgentAsync();

        var record = hello.Ranks.Single(rank => rank.Attempt == 2);
        (record.Pid, record.Exit).ShouldBe(((uint)standby.Pid, null));
        host.Touch("go-2");
        (await host.ExitedAsync(attempt: 2)).Exit.Code.ShouldBe(5u);
    }

    [Fact]
    public async Task Import_FailsEveryTime_IsGivenUpAndTrainingGoesOn()
    {
        await using var standbys = await StandbyHost.StartAsync();
        await standbys.TrainAsync(standbys.Launch(import: "no_such_module"));

        await standbys.SaysAsync("No module named 'no_such_module'");
        await standbys.SaysAsync("No more standbys of job-1");
        standbys.Host.Touch("go-1");
        (await standbys.Host.ExitedAsync()).Exit.Code.ShouldBe(5u);
    }

    [Fact]
    public async Task Launch_BeforeTheFirstStep_StartsNoStandby()
    {
        await using var standbys = await StandbyHost.StartAsync();
        standbys.Host.Order(standbys.Launch());
        await standbys.Host.LogHasAsync("argv");
        using var training = new TrainingClient(standbys.Host);
        await training.ReportAsync(0, 0, 0);
        standbys.Host.Touch("go-1");
        await standbys.Host.ExitedAsync();

        standbys.Host.Agent.Output.Snapshot().ShouldNotContain(line => line.Contains("standby"));
    }
}
