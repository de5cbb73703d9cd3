using System.Text.Json.Nodes;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development.Commands;

/// <summary><c>orch dev kill-silo</c></summary>
internal sealed class KillSiloCommand(CommandFrame frame)
    : DevCommand("kill-silo", "Kill the silo; hosts and jobs go on without a control plane.", frame, "dev kill-silo")
{
    protected override async Task<int> RunAsync(
        CommandContext context, DataFolder data, CancellationToken cancellationToken)
    {
        var time = context.Environment.Time;
        var silo = ClusterFile.Read(data).Silo;
        const string refusal = "The silo does not run; start it with `orch dev start-silo`.";
        var kill = await ProcessKill.PerformAsync(silo, refusal, time, cancellationToken).ConfigureAwait(false);
        await ClusterFile.UpdateAsync(data, time, cluster => cluster with { Silo = null }, cancellationToken)
            .ConfigureAwait(false);
        if (context.IsJson)
            context.Json.Write(new JsonObject { ["killedAt"] = kill.UnixSeconds, ["pid"] = kill.Pid });
        else
            context.Human.Line($"Killed the silo (pid {kill.Pid}). Bring it back with: orch dev start-silo");
        return ExitCode.Ok;
    }
}
