using System.Globalization;
using System.Text.Json;
using Orchestrator.Cli.Development;
using Orchestrator.Cli.Development.Processes;
using Orchestrator.Cli.Tests.CommandLine;
using Orchestrator.Protocol.V1;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Cli.Tests.Development;

/// <summary>A whole development cluster of stand-ins; the control API is the test's own, at the silo's port.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private readonly StandIns _programs = new();
    private Server _server = null!;
    private CliRun _up = null!;
    private string[] _siloArguments = [];

    public async ValueTask InitializeAsync()
    {
        var up = _programs.RunAsync("dev", "up", "--hosts", "2", "--warm", "1", "--port", "0", "-o", "json");
        _siloArguments = await _programs.SiloStartedAsync();
        var port = int.Parse(_siloArguments[1].Split(':')[1], CultureInfo.InvariantCulture);
        _server = await Server.StartAsync(port);
        foreach (var name in new[] { "host1", "host2" })
            _server.Control.Nodes.Add(new Node { Name = name, Phase = NodePhase.Warm, IsConnected = true });
        _up = await up;
    }

    public async ValueTask DisposeAsync()
    {
        await _programs.RunAsync("dev", "down", "--delete-data");
        await _server.DisposeAsync();
        _programs.Dispose();
    }

    [Fact]
    public void Up_Done_RecordsWhatRunsAndWhere()
    {
        _up.ExitCode.ShouldBe(0, _up.Error);
        var answer = JsonDocument.Parse(_up.Out).RootElement;
        answer.GetProperty("server").GetString().ShouldBe(_server.Address.GetLeftPart(UriPartial.Authority));
        var cluster = ClusterFile.Read(_programs.Data);
        ProcessTable.IsRunning(cluster.Silo).ShouldBeTrue();
        cluster.Hosts.ShouldAllBe(host => ProcessTable.IsRunning(host.Agent));
        cluster.Hosts.Select(host => host.Address).ShouldBe(["127.0.1.1", "127.0.1.2"]);
    }

    [Fact]
    public void Up_Done_StartedProgramsWithTheirCommandLines()
    {
        var cluster = ClusterFile.Read(_programs.Data);
        var data = _programs.Data.Root;
        string.Join(' ', _siloArguments).ShouldBe(
            $"--listen 127.0.0.1:{cluster.Port} --data {data}/silo --spares 1 "
            + $"--silo-port {cluster.SiloPort} --orleans-gateway-port {cluster.OrleansGatewayPort}");
        var host = cluster.Host("host2");
        File.ReadAllText(host.Files.Log).ShouldBe(
            $"--name host2 --silo {cluster.Server} --state {data}/hosts/host2/state "
            + $"--memory {data}/hosts/host2/memory --address 127.0.1.2 --peer-port {cluster.PeerPort} "
            + $"--shard-port {cluster.ShardPort} --virtual-gpus 1 {host.BootId}\n");
        File.ReadAllText(host.Files.ProcessIdFile).Trim().ShouldBe($"{host.Agent?.Pid}");
    }

    [Fact]
    public async Task Up_Again_IsRefusedAndLeavesTheClusterAlone()
    {
        var run = await _programs.RunAsync("dev", "up", "--port", "0");

        run.ExitCode.ShouldBe(4);
        run.Error.ShouldContain(_programs.Data.Root);
        ProcessTable.IsRunning(ClusterFile.Read(_programs.Data).Silo).ShouldBeTrue();
    }

    [Fact]
    public async Task OtherCommands_ClusterRuns_FindItsServer()
    {
        var run = await _programs.RunAsync("nodes");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Lines.Length.ShouldBe(3);
    }

    [Fact]
    public async Task KillHostThenStartHost_SameHost_RunsOnANewBoot()
    {
        var before = ClusterFile.Read(_programs.Data).Host("host1");

        (await _programs.RunAsync("dev", "kill-host", "host1")).ExitCode.ShouldBe(0);
        var run = await _programs.RunAsync("dev", "start-host", "host1");

        run.ExitCode.ShouldBe(0, run.Error);
        var after = ClusterFile.Read(_programs.Data).Host("host1");
        after.BootId.ShouldNotBe(before.BootId);
        ProcessTable.IsRunning(after.Agent).ShouldBeTrue();
    }

    [Fact]
    public async Task KillAgentThenStartAgent_SameHost_KeepsItsBootAndItsRanks()
    {
        var before = ClusterFile.Read(_programs.Data).Host("host1");
        using var rank = new SleepingProcess(before.Folder, Markers.HostFolder, before.Folder);

        (await _programs.RunAsync("dev", "kill-agent", "host1")).ExitCode.ShouldBe(0);
        ProcessTable.IsRunning(before.Agent).ShouldBeFalse();
        rank.IsRunning.ShouldBeTrue();
        var run = await _programs.RunAsync("dev", "start-agent", "host1");

        run.ExitCode.ShouldBe(0, run.Error);
        ClusterFile.Read(_programs.Data).Host("host1").BootId.ShouldBe(before.BootId);
        (await _programs.RunAsync("dev", "start-agent", "host1")).ExitCode.ShouldBe(4);
    }

    [Fact]
    public async Task KillSiloThenStartSilo_SameCluster_KeepsItsPorts()
    {
        (await _programs.RunAsync("dev", "kill-silo")).ExitCode.ShouldBe(0);
        (await _programs.RunAsync("dev", "kill-silo")).ExitCode.ShouldBe(4);

        var starting = _programs.RunAsync("dev", "start-silo");
        var arguments = await _programs.SiloStartedAsync();

        (await starting).ExitCode.ShouldBe(0);
        arguments.ShouldBe(_siloArguments);
    }

    [Fact]
    public async Task Status_OneHostKilled_ShowsIt()
    {
        await _programs.RunAsync("dev", "kill-host", "host2");

        var run = await _programs.RunAsync("dev", "status", "-o", "json");

        var programs = JsonDocument.Parse(run.Out).RootElement.GetProperty("programs").EnumerateArray();
        programs.Select(program => program.GetProperty("isRunning").GetBoolean()).ShouldBe([true, true, false]);
    }

    [Fact]
    public async Task Down_ClusterRuns_EndsAllAndKeepsData()
    {
        var run = await _programs.RunAsync("dev", "down");

        run.ExitCode.ShouldBe(0, run.Error);
        ClusterProcesses.All(ClusterFile.Read(_programs.Data), _programs.Data).ShouldBeEmpty();
        File.Exists(_programs.Data.SiloLog).ShouldBeTrue();
        (await _programs.RunAsync("dev", "down")).ExitCode.ShouldBe(0);
    }
}
