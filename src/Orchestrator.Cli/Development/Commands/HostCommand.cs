using System.CommandLine;
using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Development.Commands;

/// <summary>A command about one host of the development cluster.</summary>
internal abstract class HostCommand : DevCommand
{
    private readonly Argument<string> _host = new("NAME") { Description = "The host, e.g. host2." };

    protected HostCommand(string name, string description, CommandFrame frame, params string[] examples)
        : base(name, description, frame, examples)
    {
        _host.CompletionSources.Add(completion => ClusterHosts.Names(frame, completion.ParseResult));
        Add(_host);
    }

    protected sealed override Task<int> RunAsync(
        CommandContext context, DataFolder data, CancellationToken cancellationToken)
    {
        var host = ClusterFile.Read(data).Host(context.Parsed.GetRequiredValue(_host));
        return RunAsync(context, data, host, cancellationToken);
    }

    protected abstract Task<int> RunAsync(
        CommandContext context, DataFolder data, HostRecord host, CancellationToken cancellationToken);
}
