using System.Text.Json.Nodes;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development.Commands;

/// <summary><c>orch dev kill-agent</c></summary>
internal sealed class KillAgentCommand(CommandFrame frame)
    : HostCommand("kill-agent", "Kill only the agent of a host; its ranks go on.", frame, "dev kill-agent host2")
{
    protected override async Task<int> RunAsync(
        CommandContext context, DataFolder data, HostRecord host, CancellationToken cancellationToken)
    {
        var time = context.Environment.Time;
        var refusal = $"No agent runs on {host.Name}; start it with `orch dev start-agent {host.Name}`.";
        var kill = await ProcessKill.PerformAsync(host.Agent, refusal, time, cancellationToken).ConfigureAwait(false);
        await ClusterFile.UpdateAsync(
            data, time, cluster => cluster.With(cluster.Host(host.Name) with { Agent = null }), cancellationToken)
            .ConfigureAwait(false);
        if (context.IsJson)
        {
            context.Json.Write(new JsonObject
            {
                ["host"] = host.Name,
                ["killedAt"] = kill.UnixSeconds,
                ["pid"] = kill.Pid,
            });
            return ExitCode.Ok;
        }

        context.Human.Line($"Killed the agent of {host.Name} (pid {kill.Pid}); its ranks go on.");
        return ExitCode.Ok;
    }
}
