using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Completion;

namespace Orchestrator.Cli.Incidents;

/// <summary><c>orch incident</c></summary>
internal sealed class IncidentCommand : CliCommand
{
    private readonly Argument<string> _incident = new("ID") { Description = "The incident's id." };

    public IncidentCommand(CommandFrame frame)
        : base("incident", "Show one incident: what happened, why, what was done, and how long each part took.", frame,
            "incident train-4x7kq-i1")
    {
        _incident.CompletionSources.Add(LiveNames.Of(frame).Incidents);
        Add(_incident);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var id = context.Parsed.GetRequiredValue(_incident);
        var incident = await context.Client.GetIncidentAsync(id, cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
            context.Json.Write(incident);
        else
            IncidentView.Show(incident, context.Human);
        return ExitCode.Ok;
    }
}
