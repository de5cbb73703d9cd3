using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Development;

/// <summary>Finds the programs of a development cluster.</summary>
internal static class BinaryFinder
{
    public const string Variable = "ORCHESTRATOR_BIN";

    /// <exception cref="CliException">One is nowhere; the message lists where it was looked for.</exception>
    public static ClusterBinaries Find(CliEnvironment environment) => new(
        Find("orchestrator-silo", "Orchestrator.Silo", environment),
        Find("orchestrator-agent", "Orchestrator.Agent", environment));

    private static string Find(string program, string project, CliEnvironment environment)
    {
        var places = Places(program, project, environment).ToList();
        return places.FirstOrDefault(File.Exists) ?? throw new CliException(
            ExitCode.Failed,
            $"The program {program} is missing. Build it with `dotnet build src/{project}`, or set {Variable} to its "
            + $"folder. Looked for:\n  {string.Join("\n  ", places)}");
    }

    private static IEnumerable<string> Places(string program, string project, CliEnvironment environment)
    {
        if (environment.NonEmptyVariable(Variable) is { } folder)
        {
            // Whoever names a folder means that one; falling back elsewhere would start another build unseen.
            yield return Path.GetFullPath(Path.Combine(folder, program), environment.CurrentFolder);
            yield break;
        }

        var own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        yield return Path.Combine(own, program);

        // A source checkout: src/Orchestrator.Cli/bin/CONFIGURATION/FRAMEWORK has its siblings in src/.
        var framework = Path.GetFileName(own);
        var configuration = Path.GetFileName(Path.GetDirectoryName(own) ?? "");
        var sources = Path.GetFullPath(Path.Combine(own, "..", "..", "..", ".."));
        yield return Path.Combine(sources, project, "bin", configuration, framework, program);
    }
}
