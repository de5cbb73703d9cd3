using System.CommandLine;
using System.CommandLine.Completions;
using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Development;

/// <summary>Names of a development cluster's hosts, for the shell's completion.</summary>
internal static class ClusterHosts
{
    public static IEnumerable<CompletionItem> Names(CommandFrame frame, ParseResult parsed)
    {
        try
        {
            var cluster = ClusterFile.TryRead(new CommandContext(frame, parsed).Data);
            return (cluster?.Hosts ?? []).Select(host => new CompletionItem(host.Name)).ToList();
        }
        catch (Exception failure) when (failure is CliException or IOException or UnauthorizedAccessException)
        {
            // Completion offers what it can and never complains: the command itself will say what is wrong.
            return [];
        }
    }
}
