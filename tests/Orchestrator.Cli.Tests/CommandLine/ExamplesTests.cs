using System.CommandLine;
using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Tests.CommandLine;

public sealed class ExamplesTests
{
    private static readonly CliEnvironment Nowhere = new()
    {
        Out = TextWriter.Null,
        Error = TextWriter.Null,
        RawOut = Stream.Null,
        IsTerminal = false,
        Variable = _ => null,
        CurrentFolder = Path.GetTempPath(),
    };

    public static TheoryData<string> Commands =>
        [.. Leaves(Orch.CreateRoot(Nowhere), "").Select(leaf => leaf.Path)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Examples_OfEachCommand_AreOfItAndParse(string path)
    {
        var root = Orch.CreateRoot(Nowhere);
        var command = Leaves(root, "").Single(leaf => leaf.Path == path).Command.ShouldBeAssignableTo<CliCommand>()!;

        command.Examples.ShouldNotBeEmpty($"`orch {path} --help` shows how it is used");
        foreach (var example in command.Examples)
        {
            var parsed = root.Parse(example);

            parsed.Errors.Select(error => error.Message).ShouldBeEmpty(example);
            parsed.CommandResult.Command.ShouldBe(command, example);
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_OfEachCommand_EndsWithItsExamples(string path)
    {
        var run = await CliRun.OfAsync(new Dictionary<string, string>(), [.. path.Split(' '), "--help"]);

        run.ExitCode.ShouldBe(0);
        run.Error.ShouldBeEmpty();
        run.Out.ShouldContain($"Examples:\n  orch {path}");
    }

    [Fact]
    public async Task Version_HumanAndJson_SayTheSame()
    {
        var human = await CliRun.OfAsync(new Dictionary<string, string>(), ["version"]);
        var json = await CliRun.OfAsync(new Dictionary<string, string>(), ["version", "-o", "json"]);

        var version = System.Text.Json.JsonDocument.Parse(json.Out).RootElement.GetProperty("version").GetString();
        human.Out.ShouldStartWith($"orch {version} (");
    }

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) =>
        command.Subcommands.Count == 0
            ? [(path, command)]
            : command.Subcommands.SelectMany(child => Leaves(child, $"{path} {child.Name}".TrimStart()));
}
