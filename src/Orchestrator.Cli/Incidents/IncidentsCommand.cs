using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Completion;
using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Incidents;

/// <summary><c>orch incidents</c></summary>
internal sealed class IncidentsCommand : CliCommand
{
    private static readonly string[] Columns =
        ["INCIDENT", "JOB", "PHASE", "NODE", "REPLACED BY", "LOST STEPS", "TOTAL", "CAUSE"];

    private readonly Option<string?> _job = new("--job") { Description = "Only of this job.", HelpName = "ID" };

    private readonly Option<bool> _follow = new("--follow", "-f")
    {
        Description = "Show each event of each incident as it happens, until interrupted.",
    };

    public IncidentsCommand(CommandFrame frame)
        : base("incidents", "List what broke and how it was mended, newest first.", frame,
            "incidents --job train-4x7kq", "incidents --follow")
    {
        _job.CompletionSources.Add(LiveNames.Of(frame).Jobs);
        Add(_job);
        Add(_follow);
    }

    protected override Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var jobId = context.Parsed.GetValue(_job);
        return context.Parsed.GetValue(_follow)
            ? FollowAsync(context, jobId, cancellationToken)
            : ListAsync(context, jobId, cancellationToken);
    }

    private static async Task<int> ListAsync(
        CommandContext context, string? jobId, CancellationToken cancellationToken)
    {
        var incidents = await context.Client.ListIncidentsAsync(jobId, cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
            context.Json.WriteArray(incidents);
        else
            context.Human.Table(Columns, incidents.Select(Row).ToList(), "There was no incident yet.");
        return ExitCode.Ok;
    }

    private static async Task<int> FollowAsync(
        CommandContext context, string? jobId, CancellationToken cancellationToken)
    {
        var timeline = new LiveTimeline(context.Human);
        // What was closed before is history; the list comes first, so that nothing falls between it and the watch.
        timeline.Skip(await context.Client.ListIncidentsAsync(jobId, cancellationToken).ConfigureAwait(false));
        context.Environment.Error.WriteLine("Following incidents; end with Ctrl-C.");
        var changes = Reconnection.WatchAsync(
            token => context.Client.WatchIncidentsAsync(jobId, token), context, cancellationToken);
        await foreach (var incident in changes.ConfigureAwait(false))
        {
            if (context.IsJson)
                context.Json.Write(incident);
            else
                timeline.Show(incident);
        }

        throw new InvalidOperationException("A watch goes on until it is interrupted.");
    }

    private static string[] Row(Incident incident) =>
    [
        incident.Id,
        incident.JobId,
        Words.Of(incident.Phase),
        incident.Node,
        string.Join(", ", incident.Replacements),
        IncidentWords.IsClosed(incident) ? Words.Number(IncidentWords.LostSteps(incident)) : "",
        incident.Durations is { TotalMs: > 0 } durations ? Words.Milliseconds(durations.TotalMs) : "",
        Words.Of(incident.Cause),
    ];
}
