using System.Text.Json.Nodes;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development.Commands;

/// <summary><c>orch dev freeze-host</c> and <c>orch dev freeze-agent</c></summary>
internal sealed class FreezeCommand : HostCommand
{
    private readonly HostScope _scope;

    private FreezeCommand(string description, HostScope scope, CommandFrame frame)
        : base($"freeze-{scope.Word}", description, frame, $"dev freeze-{scope.Word} host2") => _scope = scope;

    public static FreezeCommand ForHost(CommandFrame frame) => new(
        "Stop everything on a host with SIGSTOP: it says nothing more, and none of its connections closes.",
        HostScope.Whole,
        frame);

    public static FreezeCommand ForAgent(CommandFrame frame) => new(
        "Stop only the agent of a host with SIGSTOP; its ranks go on until their lease runs out.",
        HostScope.Agent,
        frame);

    protected override async Task<int> RunAsync(
        CommandContext context, DataFolder data, HostRecord host, CancellationToken cancellationToken)
    {
        _scope.RefuseWhereNothingRuns(host);
        var freeze = await ProcessFreeze
            .FreezeAsync(() => _scope.Find(host), context.Environment.Time, cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
        {
            context.Json.Write(new JsonObject
            {
                ["host"] = host.Name,
                ["frozenAt"] = freeze.UnixSeconds,
                ["frozenPids"] = new JsonArray(freeze.Pids.Select(pid => (JsonNode)pid).ToArray()),
            });
            return ExitCode.Ok;
        }

        var at = freeze.At.ToLocalTime().ToString("HH:mm:ss.ffffff", null);
        context.Human.Line($"Froze {freeze.Pids.Count} processes of {host.Name} at {at}.");
        context.Human.Line($"Let them go on with: orch dev thaw-{_scope.Word} {host.Name}");
        return ExitCode.Ok;
    }
}
