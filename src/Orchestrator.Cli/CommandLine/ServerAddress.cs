using Orchestrator.Cli.Development;

namespace Orchestrator.Cli.CommandLine;

/// <summary>Which control plane a command speaks to.</summary>
internal static class ServerAddress
{
    public const string Variable = "ORCHESTRATOR_SERVER";

    public const string Default = "http://127.0.0.1:7070";

    /// <summary>The first that says something: option, environment, development cluster, default.</summary>
    /// <exception cref="CliException">What is said there is not an address.</exception>
    public static ServerChoice Choose(string? option, DataFolder data, CliEnvironment environment)
    {
        if (option is not null)
            return new ServerChoice(Parse(option, "--server"), "--server", null);
        if (environment.NonEmptyVariable(Variable) is { } variable)
            return new ServerChoice(Parse(variable, Variable), Variable, null);
        return ClusterFile.TryRead(data) is { } cluster
            ? new ServerChoice([new Uri(cluster.Server)], $"the development cluster in {data.Root}", cluster)
            : new ServerChoice(
                [new Uri(Default)], $"the default: no --server, no {Variable}, no cluster in {data.Root}", null);
    }

    private static List<Uri> Parse(string text, string source) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries).Select(one => ParseOne(one, source))];

    private static Uri ParseOne(string text, string source) =>
        Uri.TryCreate(text, UriKind.Absolute, out var server) && server.Scheme is "http" or "https"
            ? server
            : throw new CliException(
                ExitCode.BadUsage,
                $"'{text}' from {source} is not an address of a control plane; use http://HOST:PORT or "
                + "https://HOST:PORT.");
}
