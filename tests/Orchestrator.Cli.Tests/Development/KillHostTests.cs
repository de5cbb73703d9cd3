using System.Text.Json;
using Orchestrator.Cli.Development;
using Orchestrator.Cli.Tests.CommandLine;

namespace Orchestrator.Cli.Tests.Development;

public sealed class KillHostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SleepingProcess> _processes = [];
    private readonly HostRecord _host;

    public KillHostTests()
    {
        _host = Clusters.Host("host1", _folder.At("hosts", "host1"));
        _host.Files.Create();
    }

    private DataFolder Data => new(_folder.Root);

    public void Dispose()
    {
        _processes.ForEach(process => process.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task KillHost_ManyProcesses_KillsThoseOfTheHostAgentFirstAndNoOthers()
    {
        var ranks = Enumerable.Range(0, 8).Select(_ => Start(Markers.HostFolder, _host.Folder)).ToList();
        var agent = Start(Markers.HostFolder, _host.Folder);
        var unmarked = Start(Markers.HostFolder, null);
        var otherHost = Start(Markers.HostFolder, _host.Folder + "1");
        var otherVariable = Start("NOT_" + Markers.HostFolder, _host.Folder);
        Write(_host with { Agent = agent.Identity });

        var run = await RunAsync("dev", "kill-host", "host1", "-o", "json");

        run.ExitCode.ShouldBe(0, run.Error);
        var killed = JsonDocument.Parse(run.Out).RootElement.GetProperty("killedPids").EnumerateArray()
            .Select(pid => pid.GetInt32()).ToList();
        killed[0].ShouldBe(agent.Pid);
        killed.Order().ShouldBe(ranks.Select(rank => rank.Pid).Append(agent.Pid).Order());
        ranks.Append(agent).ShouldAllBe(process => !process.IsRunning);
        new[] { unmarked, otherHost, otherVariable }.ShouldAllBe(process => process.IsRunning);
    }

    [Fact]
    public async Task KillHost_Always_NamesTheTimeJustBeforeTheFirstKill()
    {
        Start(Markers.HostFolder, _host.Folder);
        Write(_host);

        var before = DateTimeOffset.UtcNow;
        var run = await RunAsync("dev", "kill-host", "host1", "-o", "json");
        var after = DateTimeOffset.UtcNow;

        run.ExitCode.ShouldBe(0, run.Error);
        var answer = JsonDocument.Parse(run.Out).RootElement;
        answer.GetProperty("host").GetString().ShouldBe("host1");
        var killedAt = DateTimeOffset.UnixEpoch.AddSeconds(answer.GetProperty("killedAt").GetDouble());
        killedAt.ShouldBeInRange(before.AddMilliseconds(-1), after);
    }

    [Fact]
    public async Task KillHost_Always_EmptiesMemoryKeepsStateAndBootsAnew()
    {
        Start(Markers.HostFolder, _host.Folder);
        Write(_host);
        await File.WriteAllTextAsync(Path.Combine(_host.Files.Memory, "replica"), "x", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(_host.Files.State, "lease"), "7", Cancellation);

        await RunAsync("dev", "kill-host", "host1");

        Directory.EnumerateFileSystemEntries(_host.Files.Memory).ShouldBeEmpty();
        File.Exists(Path.Combine(_host.Files.State, "lease")).ShouldBeTrue();
        var host = ClusterFile.Read(Data).Host("host1");
        host.BootId.ShouldNotBe("first-boot");
        host.Agent.ShouldBeNull();
    }

    [Fact]
    public async Task KillHost_NothingRuns_IsRefused()
    {
        Write(_host);

        var run = await RunAsync("dev", "kill-host", "host1");

        run.ExitCode.ShouldBe(4);
        run.Error.ShouldContain("orch dev start-host host1");
    }

    [Fact]
    public async Task KillHost_UnknownHost_IsNotFoundAndNamesTheHosts()
    {
        Write(_host);

        var run = await RunAsync("dev", "kill-host", "host9");

        run.ExitCode.ShouldBe(3);
        run.Error.ShouldContain("this cluster has host1");
    }

    [Fact]
    public async Task KillAgent_PidIsAnotherProcessNow_IsRefusedAndKillsNothing()
    {
        var stranger = Start(Markers.HostFolder, null);
        Write(_host with { Agent = stranger.Identity with { StartTicks = stranger.Identity.StartTicks - 1 } });

        var run = await RunAsync("dev", "kill-agent", "host1");

        run.ExitCode.ShouldBe(4);
        stranger.IsRunning.ShouldBeTrue();
    }

    [Fact]
    public async Task Down_PidIsAnotherProcessNow_EndsOnlyWhatIsMarked()
    {
        var rank = Start(Markers.HostFolder, _host.Folder);
        var silo = Start(Markers.SiloFolder, Data.Silo);
        var stranger = Start(Markers.HostFolder, null);
        Write(_host with { Agent = stranger.Identity with { StartTicks = stranger.Identity.StartTicks - 1 } });

        var run = await RunAsync("dev", "down", "-o", "json");

        run.ExitCode.ShouldBe(0, run.Error);
        JsonDocument.Parse(run.Out).RootElement.GetProperty("endedProcesses").GetInt32().ShouldBe(2);
        rank.IsRunning.ShouldBeFalse();
        silo.IsRunning.ShouldBeFalse();
        stranger.IsRunning.ShouldBeTrue();
    }

    [Fact]
    public async Task Down_DeleteData_LeavesFilesOfOthers()
    {
        Write(_host);
        _folder.Write("notes.txt", "mine");

        await RunAsync("dev", "down", "--delete-data");

        Directory.EnumerateFileSystemEntries(_folder.Root).ShouldBe([_folder.At("notes.txt")]);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SleepingProcess Start(string variable, string? value)
    {
        _processes.Add(new SleepingProcess(_folder.Root, variable, value));
        return _processes[^1];
    }

    private void Write(HostRecord host) => ClusterFile.Write(Data, Clusters.Empty with { Hosts = [host] });

    private Task<CliRun> RunAsync(params string[] arguments) => CliRun.OfAsync(
        new Dictionary<string, string> { [DataFolder.Variable] = _folder.Root }, arguments);
}
