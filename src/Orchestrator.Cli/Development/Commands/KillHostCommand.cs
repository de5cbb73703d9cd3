using System.Text.Json.Nodes;
using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Development.Commands;

/// <summary><c>orch dev kill-host</c></summary>
internal sealed class KillHostCommand(CommandFrame frame) : HostCommand(
    "kill-host",
    "Take the power from a host: agent, supervisors and ranks get SIGKILL at once, and its memory is gone.",
    frame,
    "dev kill-host host2",
    "dev kill-host host2 -o json")
{
    protected override async Task<int> RunAsync(
        CommandContext context, DataFolder data, HostRecord host, CancellationToken cancellationToken)
    {
        var time = context.Environment.Time;
        var kill = await HostKill.PerformAsync(host, time, cancellationToken).ConfigureAwait(false);
        host.Files.ClearMemory();
        var bootId = Guid.NewGuid().ToString();
        await ClusterFile.UpdateAsync(
            data,
            time,
            cluster => cluster.With(cluster.Host(host.Name) with { Agent = null, BootId = bootId }),
            cancellationToken).ConfigureAwait(false);
        Show(context, host, kill);
        return ExitCode.Ok;
    }

    private static void Show(CommandContext context, HostRecord host, HostKill kill)
    {
        if (context.IsJson)
        {
            context.Json.Write(new JsonObject
            {
                ["host"] = host.Name,
                ["killedAt"] = kill.UnixSeconds,
                ["killedPids"] = new JsonArray(kill.Pids.Select(pid => (JsonNode)pid).ToArray()),
            });
            return;
        }

        var at = kill.At.ToLocalTime().ToString("HH:mm:ss.ffffff", null);
        context.Human.Line($"Killed {host.Name} at {at}: {kill.Pids.Count} processes, and its memory is gone.");
        context.Human.Line($"Bring it back with: orch dev start-host {host.Name}");
    }
}
