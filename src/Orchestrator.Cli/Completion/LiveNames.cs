using System.CommandLine;
using System.CommandLine.Completions;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Client;

namespace Orchestrator.Cli.Completion;

/// <summary>Names out of the control plane for the shell's completion, when it answers at once.</summary>
internal sealed class LiveNames
{
    /// <summary>A person who presses Tab does not wait; without an answer there are no names.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly CommandFrame _frame;

    private LiveNames(CommandFrame frame) => _frame = frame;

    public static LiveNames Of(CommandFrame frame) => new(frame);

    public IEnumerable<CompletionItem> Jobs(CompletionContext context) => Ask(context, async (client, token) =>
        (await client.ListJobsAsync(token).ConfigureAwait(false)).Select(job => job.Id));

    public IEnumerable<CompletionItem> Nodes(CompletionContext context) => Ask(context, async (client, token) =>
        (await client.ListNodesAsync(token).ConfigureAwait(false)).Select(node => node.Name));

    public IEnumerable<CompletionItem> Incidents(CompletionContext context) => Ask(context, async (client, token) =>
        (await client.ListIncidentsAsync(null, token).ConfigureAwait(false)).Select(incident => incident.Id));

    private IEnumerable<CompletionItem> Ask(
        CompletionContext context, Func<OrchestratorClient, CancellationToken, Task<IEnumerable<string>>> list)
    {
        // The library asks for completions synchronously; nothing else of the process waits for this thread.
        var names = Task.Run(() => AskAsync(context.ParseResult, list)).GetAwaiter().GetResult();
        return names
            .Where(name => name.StartsWith(context.WordToComplete, StringComparison.Ordinal))
            .Select(name => new CompletionItem(name));
    }

    private async Task<IEnumerable<string>> AskAsync(
        ParseResult parsed, Func<OrchestratorClient, CancellationToken, Task<IEnumerable<string>>> list)
    {
        try
        {
            var context = new CommandContext(_frame, parsed);
            await using var closing = context.ConfigureAwait(false);
            using var deadline = new CancellationTokenSource(Patience, _frame.Environment.Time);
            return await list(context.Client, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is OrchestratorException or OperationCanceledException or CliException)
        {
            // Completion offers what it can and never complains: the command itself will say what is wrong.
            return [];
        }
    }
}
