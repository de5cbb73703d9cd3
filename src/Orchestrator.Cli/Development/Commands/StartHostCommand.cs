using System.CommandLine;
using System.Text.Json.Nodes;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Development.Processes;

namespace Orchestrator.Cli.Development.Commands;

/// <summary>
/// <c>orch dev start-host</c> and <c>orch dev start-agent</c>: what differs is the boot id, kept by kill-host.
/// </summary>
internal sealed class StartHostCommand : HostCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Option<bool> _noWait = new("--no-wait")
    {
        Description = "Do not wait until the control plane has heard from the agent.",
    };

    private StartHostCommand(string name, string description, CommandFrame frame)
        : base(name, description, frame, $"dev {name} host2") => Add(_noWait);

    public static StartHostCommand ForHost(CommandFrame frame) =>
        new("start-host", "Switch a killed host on again: its agent starts on a fresh boot.", frame);

    public static StartHostCommand ForAgent(CommandFrame frame) =>
        new("start-agent", "Start the agent of a host again; it adopts the ranks that went on without it.", frame);

    protected override async Task<int> RunAsync(
        CommandContext context, DataFolder data, HostRecord host, CancellationToken cancellationToken)
    {
        var time = context.Environment.Time;
        var cluster = await ClusterFile.UpdateAsync(data, time, now => Start(now, host.Name), cancellationToken)
            .ConfigureAwait(false);
        var started = cluster.Host(host.Name);
        var mayWait = !context.Parsed.GetValue(_noWait) && ProcessTable.IsRunning(cluster.Silo);
        if (mayWait)
        {
            await new ClusterWait(data, time).UntilAsync(
                cluster, [started], node => node.IsConnected, "in contact", Patience, cancellationToken)
                .ConfigureAwait(false);
        }

        if (context.IsJson)
            context.Json.Write(new JsonObject { ["host"] = host.Name, ["pid"] = started.Agent?.Pid });
        else
            context.Human.Line($"Started the agent of {host.Name} (pid {started.Agent?.Pid}){State(mayWait)}.");
        return ExitCode.Ok;
    }

    private static ClusterRecord Start(ClusterRecord cluster, string hostName)
    {
        var agent = cluster.Host(hostName).Agent;
        if (!ProcessTable.IsRunning(agent))
            return cluster.StartAgent(hostName);
        throw new CliException(ExitCode.Refused, ProcessTable.IsStopped(agent!.Pid)
            ? $"The agent of {hostName} is frozen; let it go on with `orch dev thaw-host {hostName}`, or kill it first."
            : $"The agent of {hostName} runs already.");
    }

    private static string State(bool hasWaited) => hasWaited ? "; the control plane hears from it" : "";
}
