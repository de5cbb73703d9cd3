using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Development;

/// <summary>The folder of one development cluster, and what lies where in it.</summary>
/// <param name="Root">Absolute path.</param>
internal sealed record DataFolder(string Root)
{
    public const string Variable = "ORCHESTRATOR_DATA";

    public string ClusterFile => Path.Combine(Root, "cluster.json");

    /// <summary>Held open, exclusively, by whoever changes the cluster.</summary>
    public string LockFile => Path.Combine(Root, "cluster.lock");

    public string Silo => Path.Combine(Root, "silo");

    public string SiloLog => Path.Combine(Silo, "silo.log");

    public string Hosts => Path.Combine(Root, "hosts");

    /// <summary>The first that says something: option, environment, the user's state folder.</summary>
    public static DataFolder Choose(string? option, CliEnvironment environment)
    {
        var chosen = option ?? environment.NonEmptyVariable(Variable) ?? Default(environment);
        var absolute = Path.GetFullPath(chosen, environment.CurrentFolder);
        return new DataFolder(Path.TrimEndingDirectorySeparator(absolute));
    }

    private static string Default(CliEnvironment environment) => Path.Combine(
        environment.NonEmptyVariable("XDG_STATE_HOME")
            ?? Path.Combine(environment.NonEmptyVariable("HOME") ?? "/", ".local", "state"),
        "orchestrator",
        "dev");
}
