using System.Text.Json.Nodes;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development.Commands;

/// <summary><c>orch dev thaw-host</c> and <c>orch dev thaw-agent</c></summary>
internal sealed class ThawCommand : HostCommand
{
    private readonly HostScope _scope;

    private ThawCommand(string description, HostScope scope, CommandFrame frame)
        : base($"thaw-{scope.Word}", description, frame, $"dev thaw-{scope.Word} host2") => _scope = scope;

    public static ThawCommand ForHost(CommandFrame frame) =>
        new("Let everything on a frozen host go on where it was.", HostScope.Whole, frame);

    public static ThawCommand ForAgent(CommandFrame frame) =>
        new("Let the frozen agent of a host go on where it was.", HostScope.Agent, frame);

    protected override async Task<int> RunAsync(
        CommandContext context, DataFolder data, HostRecord host, CancellationToken cancellationToken)
    {
        _scope.RefuseWhereNothingRuns(host);
        if (!_scope.Find(host).Any(ProcessTable.IsStopped))
            throw new CliException(ExitCode.Refused, $"Nothing is frozen: the {_scope.Word} of {host.Name} runs.");
        var thaw = await ProcessFreeze
            .ThawAsync(() => _scope.Find(host), context.Environment.Time, cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
        {
            context.Json.Write(new JsonObject
            {
                ["host"] = host.Name,
                ["thawedAt"] = thaw.UnixSeconds,
                ["thawedPids"] = new JsonArray(thaw.Pids.Select(pid => (JsonNode)pid).ToArray()),
            });
            return ExitCode.Ok;
        }

        context.Human.Line($"{thaw.Pids.Count} processes of {host.Name} go on.");
        return ExitCode.Ok;
    }
}
