using Orchestrator.Cli.Development;

namespace Orchestrator.Cli.CommandLine;

/// <summary>Which control plane a command speaks to.</summary>
internal static class ServerAddress
{
    public const string Variable = "ORCHESTRATOR_SERVER";

    public const string Default = "http://127.0.0.1:7070";

    /// <summary>The first that says something: option, environment, development cluster, default.</summary>
    /// <exception cref="CliException">What is said there is not an address.</exception>
    public static Uri Choose(string? option, DataFolder data, CliEnvironment environment)
    {
        var (text, source) = option is not null ? (option, "--server")
            : environment.NonEmptyVariable(Variable) is { } variable ? (variable, Variable)
            : ClusterFile.TryRead(data) is { } cluster ? (cluster.Server, data.ClusterFile)
            : (Default, "the default");
        return Uri.TryCreate(text, UriKind.Absolute, out var server) && server.Scheme is "http" or "https"
            ? server
            : throw new CliException(
                ExitCode.BadUsage,
                $"'{text}' from {source} is not an address of a control plane; use http://HOST:PORT or "
                + "https://HOST:PORT.");
    }
}
