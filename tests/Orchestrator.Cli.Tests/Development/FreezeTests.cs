using System.Text.Json;
using Orchestrator.Cli.Development;
using Orchestrator.Cli.Development.Processes;
using Orchestrator.Cli.Tests.CommandLine;

namespace Orchestrator.Cli.Tests.Development;

public sealed class FreezeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SleepingProcess> _processes = [];
    private readonly HostRecord _host;
    private readonly SleepingProcess _agent;
    private readonly SleepingProcess _rank;

    public FreezeTests()
    {
        var host = Clusters.Host("host1", _folder.At("hosts", "host1"));
        host.Files.Create();
        _agent = Start(host.Folder);
        _rank = Start(host.Folder);
        _host = host with { Agent = _agent.Identity };
        ClusterFile.Write(Data, Clusters.Empty with { Hosts = [_host] });
    }

    private DataFolder Data => new(_folder.Root);

    public void Dispose()
    {
        _processes.ForEach(process => process.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task FreezeHost_ManyProcesses_StopsAllOfTheHostAgentFirstAndNoOthers()
    {
        var more = Enumerable.Range(0, 6).Select(_ => Start(_host.Folder)).ToList();
        var otherHost = Start(_host.Folder + "1");

        var run = await RunAsync("dev", "freeze-host", "host1", "-o", "json");

        run.ExitCode.ShouldBe(0, run.Error);
        var frozen = JsonDocument.Parse(run.Out).RootElement.GetProperty("frozenPids").EnumerateArray()
            .Select(pid => pid.GetInt32()).ToList();
        frozen[0].ShouldBe(_agent.Pid);
        frozen.Order().ShouldBe(more.Append(_rank).Append(_agent).Select(process => process.Pid).Order());
        frozen.ShouldAllBe(pid => ProcessTable.IsStopped(pid));
        more.Append(_rank).ShouldAllBe(process => process.IsRunning, "they are there, and only say nothing");
        ProcessTable.IsStopped(otherHost.Pid).ShouldBeFalse();
    }

    [Fact]
    public async Task FreezeHostThenThawHost_SameProcesses_GoOn()
    {
        await RunAsync("dev", "freeze-host", "host1");

        var run = await RunAsync("dev", "thaw-host", "host1", "-o", "json");

        run.ExitCode.ShouldBe(0, run.Error);
        JsonDocument.Parse(run.Out).RootElement.GetProperty("thawedPids").GetArrayLength().ShouldBe(2);
        new[] { _agent, _rank }.ShouldAllBe(process => process.IsRunning && !ProcessTable.IsStopped(process.Pid));
        (await RunAsync("dev", "thaw-host", "host1")).ExitCode.ShouldBe(4);
    }

    [Fact]
    public async Task FreezeAgent_RanksRun_StopsTheAgentAlone()
    {
        var run = await RunAsync("dev", "freeze-agent", "host1");

        run.ExitCode.ShouldBe(0, run.Error);
        ProcessTable.IsStopped(_agent.Pid).ShouldBeTrue();
        ProcessTable.IsStopped(_rank.Pid).ShouldBeFalse();
        (await StatusAsync()).GetProperty("frozenProcesses").GetInt32().ShouldBe(1);
        (await RunAsync("dev", "thaw-agent", "host1")).ExitCode.ShouldBe(0);
        ProcessTable.IsStopped(_agent.Pid).ShouldBeFalse();
    }

    [Fact]
    public async Task Status_HostFrozen_SaysSo()
    {
        await RunAsync("dev", "freeze-host", "host1");

        var host = await StatusAsync();

        host.GetProperty("isRunning").GetBoolean().ShouldBeTrue();
        host.GetProperty("isFrozen").GetBoolean().ShouldBeTrue();
        host.GetProperty("frozenProcesses").GetInt32().ShouldBe(2);
        (await RunAsync("dev", "status")).Lines[^1].ShouldContain("frozen");
    }

    [Fact]
    public async Task KillHost_HostFrozen_EndsAll()
    {
        await RunAsync("dev", "freeze-host", "host1");

        var run = await RunAsync("dev", "kill-host", "host1");

        run.ExitCode.ShouldBe(0, run.Error);
        new[] { _agent, _rank }.ShouldAllBe(process => !process.IsRunning);
    }

    [Fact]
    public async Task Down_HostFrozen_EndsAllWithoutWaitingForAnAnswer()
    {
        await RunAsync("dev", "freeze-host", "host1");
        var begun = TimeProvider.System.GetTimestamp();

        var run = await RunAsync("dev", "down");

        run.ExitCode.ShouldBe(0, run.Error);
        new[] { _agent, _rank }.ShouldAllBe(process => !process.IsRunning);
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(4), "SIGTERM has 5 s");
    }

    [Fact]
    public async Task StartHost_HostFrozen_IsRefusedAndSaysHowToThaw()
    {
        await RunAsync("dev", "freeze-host", "host1");

        var run = await RunAsync("dev", "start-host", "host1");

        run.ExitCode.ShouldBe(4);
        run.Error.ShouldContain("orch dev thaw-host host1");
    }

    [Fact]
    public async Task FreezeHost_NothingRuns_IsRefused()
    {
        await RunAsync("dev", "kill-host", "host1");

        var run = await RunAsync("dev", "freeze-host", "host1");

        run.ExitCode.ShouldBe(4);
        run.Error.ShouldContain("orch dev start-host host1");
    }

    private SleepingProcess Start(string marker)
    {
        _processes.Add(new SleepingProcess(_folder.Root, Markers.HostFolder, marker));
        return _processes[^1];
    }

    private async Task<JsonElement> StatusAsync()
    {
        var run = await RunAsync("dev", "status", "-o", "json");
        return JsonDocument.Parse(run.Out).RootElement.GetProperty("programs").EnumerateArray().Last();
    }

    private Task<CliRun> RunAsync(params string[] arguments) => CliRun.OfAsync(
        new Dictionary<string, string> { [DataFolder.Variable] = _folder.Root }, arguments);
}
