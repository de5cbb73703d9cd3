using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Development.Commands;

/// <summary>A command of the development cluster; it works with processes of this machine.</summary>
internal abstract class DevCommand(string name, string description, CommandFrame frame, params string[] examples)
    : CliCommand(name, description, frame, examples)
{
    protected sealed override Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken) =>
        OperatingSystem.IsLinux() ? RunAsync(context, context.Data, cancellationToken) : throw new CliException(
            ExitCode.Failed, "A development cluster needs Linux: it finds its processes in /proc.");

    protected abstract Task<int> RunAsync(
        CommandContext context, DataFolder data, CancellationToken cancellationToken);
}
