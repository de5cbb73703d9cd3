using System.Net;
using System.Net.Sockets;
using Orchestrator.Cli.Development;

namespace Orchestrator.Cli.Tests.Development;

public sealed class FailedStartTests : IDisposable
{
    private readonly StandIns _programs = new();

    public void Dispose() => _programs.Dispose();

    [Fact]
    public async Task Up_SiloEnds_SaysSoWithItsLastWordsAndStopsTheRest()
    {
        _programs.WriteProgram("orchestrator-silo", "echo the last words\nexit 3");

        var run = await _programs.RunAsync("dev", "up", "--hosts", "2", "--port", "0");

        run.ExitCode.ShouldBe(6);
        run.Error.ShouldContain("The silo ended.");
        run.Error.ShouldContain("the last words");
        ClusterProcesses.All(ClusterFile.Read(_programs.Data), _programs.Data).ShouldBeEmpty();
    }

    [Fact]
    public async Task Up_PortTaken_IsRefusedBeforeAnythingStarts()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var run = await _programs.RunAsync("dev", "up", "--port", $"{port}");

        run.ExitCode.ShouldBe(4);
        run.Error.ShouldContain($"{port} is taken");
        File.Exists(_programs.Data.ClusterFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Up_ProgramMissing_SaysWhereItWasLookedFor()
    {
        var variables = _programs.Variables;
        variables[BinaryFinder.Variable] = "/nowhere";

        var run = await CommandLine.CliRun.OfAsync(variables, ["dev", "up", "--port", "0"]);

        run.ExitCode.ShouldBe(6);
        run.Error.ShouldContain("/nowhere/orchestrator-silo");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("kill-silo")]
    [InlineData("start-silo")]
    public async Task DevCommand_NoCluster_Exits3AndNamesTheFolder(string command)
    {
        var run = await _programs.RunAsync("dev", command);

        run.ExitCode.ShouldBe(3);
        run.Error.ShouldContain(_programs.Data.Root);
    }

    [Fact]
    public void Read_RecordOfAnEarlierBoot_KnowsNoProcesses()
    {
        Directory.CreateDirectory(_programs.Data.Root);
        var self = Cli.Development.Processes.ProcessTable.Identify(Environment.ProcessId);
        ClusterFile.Write(_programs.Data, Clusters.Empty with { MachineBootId = "earlier", Silo = self });

        ClusterFile.Read(_programs.Data).Silo.ShouldBeNull();
    }
}
