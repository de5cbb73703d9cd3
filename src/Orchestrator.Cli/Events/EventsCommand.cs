using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Completion;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Events;

/// <summary><c>orch events</c></summary>
internal sealed class EventsCommand : CliCommand
{
    private readonly Option<bool> _follow = new("--follow", "-f")
    {
        Description = "Go on with what happens from now on, until interrupted.",
    };

    private readonly Option<string?> _job = new("--job") { Description = "Only of this job.", HelpName = "ID" };

    private readonly Option<string?> _node = new("--node")
    {
        Description = "Only about this node.",
        HelpName = "NAME",
    };

    public EventsCommand(CommandFrame frame)
        : base(
            "events", "Show what happened to nodes, jobs and incidents, oldest first.", frame,
            "events --follow", "events --job train-4x7kq", "events --node host2 -o json")
    {
        _job.CompletionSources.Add(LiveNames.Of(frame).Jobs);
        _node.CompletionSources.Add(LiveNames.Of(frame).Nodes);
        Add(_follow);
        Add(_job);
        Add(_node);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var request = new WatchEventsRequest
        {
            JobId = context.Parsed.GetValue(_job) ?? "",
            Node = context.Parsed.GetValue(_node) ?? "",
            Follow = context.Parsed.GetValue(_follow),
        };
        // A mistyped name would otherwise look like one to which nothing happened.
        if (request.JobId.Length > 0)
            await context.Client.GetJobAsync(request.JobId, cancellationToken).ConfigureAwait(false);
        if (request.Node.Length > 0)
            await context.Client.GetNodeAsync(request.Node, cancellationToken).ConfigureAwait(false);
        var count = request.Follow
            ? await FollowAsync(context, request, cancellationToken).ConfigureAwait(false)
            : await ShowAsync(
                context, context.Client.WatchEventsAsync(request, cancellationToken)).ConfigureAwait(false);
        if (count == 0 && !context.IsJson)
            context.Human.Line("Nothing happened yet.");
        return ExitCode.Ok;
    }

    private static async Task<int> FollowAsync(
        CommandContext context, WatchEventsRequest request, CancellationToken cancellationToken)
    {
        // Patience is for a control plane that goes away; a wrong address shall fail at once.
        await context.Client.ListPoolsAsync(cancellationToken).ConfigureAwait(false);
        context.Environment.Error.WriteLine("Following events; end with Ctrl-C.");
        return await ShowAsync(context, Reconnection.WatchAsync(
            token => context.Client.WatchEventsAsync(request, token), context, cancellationToken))
            .ConfigureAwait(false);
    }

    private static async Task<int> ShowAsync(CommandContext context, IAsyncEnumerable<Event> events)
    {
        var shown = new RecentEvents();
        var count = 0;
        await foreach (var one in events.ConfigureAwait(false))
        {
            if (!shown.IsNew(one))
                continue;
            count++;
            if (context.IsJson)
                context.Json.Write(one);
            else
                context.Human.Line(EventLine.Of(one));
        }

        return count;
    }
}
