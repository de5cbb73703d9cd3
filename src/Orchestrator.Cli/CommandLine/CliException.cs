namespace Orchestrator.Cli.CommandLine;

/// <summary>Ends a command with an exit code and a sentence for the person who typed it.</summary>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
/// <param name="message">Says what is wrong, where, and what to do.</param>
internal sealed class CliException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
