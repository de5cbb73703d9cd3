using System.Text.Json.Nodes;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development.Commands;

/// <summary><c>orch dev start-silo</c></summary>
internal sealed class StartSiloCommand(CommandFrame frame) : DevCommand(
    "start-silo",
    "Start a killed silo again and wait until the control API answers.",
    frame,
    "dev start-silo")
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected override async Task<int> RunAsync(
        CommandContext context, DataFolder data, CancellationToken cancellationToken)
    {
        var time = context.Environment.Time;
        var start = time.GetTimestamp();
        var cluster = await ClusterFile.UpdateAsync(data, time, now => Start(now, data), cancellationToken)
            .ConfigureAwait(false);
        await new ClusterWait(data, time).UntilAsync(cluster, [], _ => true, "up", Patience, cancellationToken)
            .ConfigureAwait(false);
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        if (context.IsJson)
            context.Json.Write(new JsonObject { ["pid"] = cluster.Silo?.Pid, ["answeredAfterSeconds"] = seconds });
        else
            context.Human.Line($"The control plane answers at {cluster.Server} after {seconds:0.0} s.");
        return ExitCode.Ok;
    }

    private static ClusterRecord Start(ClusterRecord cluster, DataFolder data) =>
        ProcessTable.IsRunning(cluster.Silo)
            ? throw new CliException(ExitCode.Refused, "The silo runs already.")
            : cluster.StartSilo(data);
}
