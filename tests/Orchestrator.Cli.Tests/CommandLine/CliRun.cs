using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Tests.CommandLine;

/// <summary>One command line, run in this process, and all that it said.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error, byte[] RawOut)
{
    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static Task<CliRun> AgainstAsync(Uri server, params string[] arguments) =>
        OfAsync(new Dictionary<string, string> { ["ORCHESTRATOR_SERVER"] = server.ToString() }, arguments);

    public static async Task<CliRun> OfAsync(
        IReadOnlyDictionary<string, string> variables,
        string[] arguments,
        bool isTerminal = false,
        CancellationToken? cancellation = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var raw = new MemoryStream();
        var environment = new CliEnvironment
        {
            Out = TextWriter.Synchronized(output),
            Error = TextWriter.Synchronized(error),
            RawOut = raw,
            IsTerminal = isTerminal,
            Variable = variables.GetValueOrDefault,
            CurrentFolder = Path.GetTempPath(),
        };
        var token = cancellation ?? TestContext.Current.CancellationToken;
        var exitCode = await Orch.RunAsync(arguments, environment, token);
        return new CliRun(exitCode, output.ToString(), error.ToString(), raw.ToArray());
    }
}
