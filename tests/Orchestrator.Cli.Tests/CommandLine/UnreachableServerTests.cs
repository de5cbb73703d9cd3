using Orchestrator.Cli.Development;
using Orchestrator.Cli.Development.Processes;
using Orchestrator.Cli.Tests.Development;

namespace Orchestrator.Cli.Tests.CommandLine;

public sealed class UnreachableServerTests : IDisposable
{
    private static readonly ProcessIdentity Gone = new(1, 1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AnyCommand_AddressOfAnOption_SaysSo()
    {
        var run = await RunAsync("--server", "http://127.0.0.1:1");

        run.ExitCode.ShouldBe(5);
        run.Error.ShouldStartWith("No control plane answers at http://127.0.0.1:1 (from --server).\n");
        run.Error.ShouldContain("`orch dev up`");
    }

    [Fact]
    public async Task AnyCommand_AddressOfTheEnvironment_SaysSo() =>
        (await CliRun.AgainstAsync(new Uri("http://127.0.0.1:1"), "jobs")).Error
            .ShouldContain("(from ORCHESTRATOR_SERVER)");

    [Fact]
    public async Task AnyCommand_ClusterWasKilled_SaysThatTheRecordIsStale()
    {
        Record(Clusters.Empty with { Silo = Gone });

        var run = await RunAsync();

        run.ExitCode.ShouldBe(5);
        run.Error.ShouldContain($"(from the development cluster in {_folder.Root})");
        run.Error.ShouldContain("stale");
        run.Error.ShouldContain($"`orch dev up --data {_folder.Root}`");
    }

    [Fact]
    public async Task AnyCommand_ClusterIsDown_SaysSo()
    {
        Record(Clusters.Empty);

        var run = await RunAsync();

        run.Error.ShouldContain("is down");
        run.Error.ShouldNotContain("stale");
    }

    [Fact]
    public async Task AnyCommand_OnlyTheSiloIsGone_SaysHowToStartIt()
    {
        using var agent = new SleepingProcess(_folder.Root, "TEST", "agent");
        var host = Clusters.Host("host1", _folder.At("host1")) with { Agent = agent.Identity };
        Record(Clusters.Empty with { Silo = Gone, Hosts = [host] });

        (await RunAsync()).Error.ShouldContain("1 of 1 hosts go on: `orch dev start-silo --data");
    }

    [Fact]
    public async Task AnyCommand_SiloRunsButIsDeaf_NamesItsLog()
    {
        using var silo = new SleepingProcess(_folder.Root, "TEST", "silo");
        Record(Clusters.Empty with { Silo = silo.Identity });

        var run = await RunAsync();

        run.Error.ShouldContain($"Its silo runs (pid {silo.Pid}) and does not answer");
        run.Error.ShouldContain("silo.log");
    }

    private void Record(ClusterRecord cluster) =>
        ClusterFile.Write(new DataFolder(_folder.Root), cluster with { Port = 1 });

    private Task<CliRun> RunAsync(params string[] options) => CliRun.OfAsync(
        new Dictionary<string, string> { ["HOME"] = "/nowhere" }, ["jobs", "--data", _folder.Root, .. options]);
}
