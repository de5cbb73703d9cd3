using Orchestrator.Agent.Host;
using Orchestrator.Agent.Tests.Fixture;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Standbys;

public class PromotionTests
{
    [Fact]
    public async Task Launch_StandbyReady_BecomesTheRankAndCannotBeToldFromAStartedOne()
    {
        await using var standbys = await StandbyHost.StartAsync();
        var host = standbys.Host;
        await standbys.TrainAsync(standbys.Launch());
        var standby = await standbys.ReadyAsync();
        await standbys.StopAsync(1);
        standby.IsAlive.ShouldBeTrue();
        host.Order(standbys.Launch(), attempt: 2);

        (await host.StartedAsync(attempt: 2)).Pid.ShouldBe((uint)standby.Pid);
        await host.LogHasAsync("argv", attempt: 2);
        host.OutputOf(attempt: 2).ShouldBe(host.OutputOf(attempt: 1));
        host.Touch("go-2");
        (await host.ExitedAsync(attempt: 2)).Exit.Code.ShouldBe(5u);
        Directory.GetFiles(Path.GetDirectoryName(host.RankFile("spec.json", attempt: 2))!)
            .Select(file => Path.GetFileName(file))
            .ShouldNotContain(name => name == "environment.json" || name.StartsWith("standby"));
    }

    [Fact]
    public async Task Launch_LeaseRanOut_TakesNoStandbyThatIsOverWithIt()
    {
        await using var standbys = await StandbyHost.StartAsync();
        await standbys.TrainAsync(standbys.Launch());
        await standbys.ReadyAsync();
        await standbys.StopAsync(1);
        // Between this and the look of its supervisor, once a second, the standby is still there.
        await File.WriteAllTextAsync(Path.Combine(standbys.Host.Memory, $"{HostUnderTest.Job}.lease"), "1.00\n");
        standbys.Host.Order(standbys.Launch(), attempt: 2);

        await standbys.Host.LogHasAsync("argv", attempt: 2);
        await standbys.SaysAsync("its lease ran out");
        standbys.Host.Agent.Output.Snapshot().ShouldNotContain(line => line.Contains("becomes"));
        standbys.Host.Touch("go-2");
        (await standbys.Host.ExitedAsync(attempt: 2)).Exit.Code.ShouldBe(5u);
    }

    [Fact]
    public async Task Launch_StandbyNotReady_StartsTheRankAndEndsTheStandby()
    {
        await using var standbys = await StandbyHost.StartAsync();
        await File.WriteAllTextAsync(standbys.Hold, "");
        await standbys.TrainAsync(standbys.Launch());
        await standbys.SaysAsync("Started standby");
        await standbys.StopAsync(1);
        standbys.Host.Order(standbys.Launch(), attempt: 2);

        await standbys.Host.LogHasAsync("argv", attempt: 2);
        await standbys.SaysAsync("attempt 2 was launched without it");
        standbys.Host.Agent.Output.Snapshot().ShouldNotContain(line => line.Contains("becomes"));
        standbys.Host.Touch("go-2");
        (await standbys.Host.ExitedAsync(attempt: 2)).Exit.Code.ShouldBe(5u);
    }

    [Theory]
    [InlineData("argument")]
    [InlineData("variable")]
    [InlineData("directory")]
    [InlineData("import")]
    [InlineData("none")]
    public async Task Launch_OfSomethingElse_StartsTheRankAndEndsTheStandby(string difference)
    {
        await using var standbys = await StandbyHost.StartAsync();
        await standbys.TrainAsync(standbys.Launch());
        var standby = await standbys.ReadyAsync();
        await standbys.StopAsync(1);
        var launch = standbys.Launch(difference == "import" ? "json" : "framework");
        if (difference == "argument")
            launch.Launch.Command.Add("three");
        if (difference == "variable")
            launch.Launch.Environment["NEW"] = "1";
        if (difference == "directory")
            (launch.Launch.WorkingDirectory, launch.Launch.Command[1]) = ("/", $"{standbys.Host.Root}/train.py");
        if (difference == "none")
            launch.Launch.StandbyImports.Clear();
        standbys.Host.Order(launch, attempt: 2);

        (await standbys.Host.StartedAsync(attempt: 2)).Pid.ShouldNotBe((uint)standby.Pid);
        await standbys.SaysAsync("attempt 2 was launched without it");
        await standbys.Host.LogHasAsync("argv", attempt: 2);
    }

    [Fact]
    public async Task Stop_FormerStandbyForked_EndsWhatItLeftAndNothingOfALaterAttempt()
    {
        await using var standbys = await StandbyHost.StartAsync();
        var host = standbys.Host;
        await standbys.TrainAsync(WithLeaver());
        var standby = await standbys.ReadyAsync();
        await standbys.StopAsync(1);
        File.Delete(Path.Combine(host.Root, "left"));
        host.Order(WithLeaver(), attempt: 2);
        await HostUnderTest.FileAsync(Path.Combine(host.Root, "left"));
        await host.StartedAsync(attempt: 2);

        // A search for what attempt 1 left meets the forked child, whose environment is still that of the standby.
        await standbys.Host.OutcomeAsync(host.Order(new Command { Release = new Release() }, attempt: 1));
        var left = int.Parse(await LeftAsync(host), null);
        ProcessTable.StartTicks(left).ShouldNotBeNull();
        standby.IsAlive.ShouldBeTrue();
        await standbys.StopAsync(2);
        await host.Agent.Output.WaitAsync($"the end of process {left}", line =>
            line.Contains("outside its ranks") && line.Contains($"{left}") ? line : null);
        await KilledProcess.GoneAsync(left);

        Command WithLeaver()
        {
            var launch = standbys.Launch();
            launch.Launch.Environment["LEAVE"] = "1";
            return launch;
        }
    }

    // The file is there a moment before its content.
    private static async Task<string> LeftAsync(HostUnderTest host)
    {
        var path = Path.Combine(host.Root, "left");
        string text;
        while ((text = await File.ReadAllTextAsync(path)).Length == 0)
            await Task.Yield();
        return text;
    }
}
