using System.Runtime.Versioning;
using Orchestrator.Agent.Options;
using Orchestrator.Silo;

namespace Orchestrator.Architecture.Tests.Deployment;

/// <summary>The profiles name only what the programs know: options, programs, and each other's files.</summary>
[SupportedOSPlatform("linux")]
public sealed class UnitTests
{
    private static readonly string Folder = Path.Combine(Sources.Root, "silo-config");

    public static TheoryData<string> Units => [.. Names("*.service")];

    public static TheoryData<string> SiloEnvironments => [.. Names("silo.env")];

    [Theory]
    [MemberData(nameof(Units))]
    public void Unit_NamesAProgramItsOptionsAndItsFile(string unit)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, unit));
        var program = Words(Value(lines, "ExecStart="))[0];
        var environment = Value(lines, "EnvironmentFile=");

        Path.GetDirectoryName(program).ShouldBe("/usr/lib/orchestrator");
        Path.GetFileName(program).ShouldBe(Path.GetFileNameWithoutExtension(unit));
        Path.GetDirectoryName(environment).ShouldBe("/etc/orchestrator");
        File.Exists(Path.Combine(Folder, Path.GetDirectoryName(unit)!, Path.GetFileName(environment))).ShouldBeTrue();
        Value(lines, "Restart=").ShouldBe("always");
    }

    [Theory]
    [MemberData(nameof(SiloEnvironments))]
    public void SiloEnvironment_IsACommandLineOfTheSilo(string file)
    {
        var variables = Variables(file);
        string[] database = variables.TryGetValue("ORCHESTRATOR_POSTGRES", out var postgres)
            ? ["--postgres", postgres]
            : [];

        var options = SiloCommandLine.Parse([.. Words(variables["SILO_OPTIONS"]), .. database], out var problems);

        problems.ShouldBeEmpty();
        options.Listen.Port.ShouldBe(new Hosting.OrchestratorOptions().Listen.Port);
    }

    [Fact]
    public void AgentUnit_WithItsEnvironment_IsACommandLineOfTheAgent()
    {
        var unit = File.ReadAllLines(Path.Combine(Folder, "cluster/orchestrator-agent.service"));
        var start = Value(unit, "ExecStart=").Replace(
            "$AGENT_OPTIONS", Variables("cluster/agent.env")["AGENT_OPTIONS"], StringComparison.Ordinal);
        var commandLine = new AgentCommandLine();

        var options = commandLine.Parse(Words(start)[1..]);

        commandLine.Errors.ShouldBeEmpty();
        options!.Silos.Count.ShouldBe(3);
        options.StateFolder.ShouldBe("/var/lib/" + Value(unit, "StateDirectory="));
        options.MemoryFolder.ShouldBe(Value(unit, "RequiresMountsFor="));
        // Ranks outlive their agent.
        Value(unit, "KillMode=").ShouldBe("process");
    }

    [Fact]
    public void AgentsMemory_IsMountedWhereItsUnitWantsItWithHugePages()
    {
        var where = Value(
            File.ReadAllLines(Path.Combine(Folder, "cluster/orchestrator-agent.service")), "RequiresMountsFor=");
        // A unit of a mount is called by its path.
        var mount = File.ReadAllLines(
            Path.Combine(Folder, "cluster", where.Trim('/').Replace('/', '-') + ".mount"));

        Value(mount, "Where=").ShouldBe(where);
        Value(mount, "Type=").ShouldBe("tmpfs");
        Value(mount, "Options=").Split(',').ShouldContain("huge=within_size");
    }

    private static Dictionary<string, string> Variables(string file) => File.ReadAllLines(Path.Combine(Folder, file))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1].Trim('"'));

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Value(IEnumerable<string> lines, string key) =>
        lines.Single(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..];

    private static IEnumerable<string> Names(string pattern) =>
        Directory.EnumerateFiles(Folder, pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal);
}
