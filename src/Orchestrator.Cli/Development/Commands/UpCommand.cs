using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Development.Commands;

/// <summary><c>orch dev up</c></summary>
internal sealed class UpCommand : DevCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Option<int> _hosts = new("--hosts")
    {
        Description = "How many hosts. Default: 5.",
        DefaultValueFactory = _ => 5,
    };

    private readonly Option<int> _warm = new("--warm")
    {
        Description = "How many of them are held back, warm, for replacements. Default: 1.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<int> _port = new("--port")
    {
        Description = "Port of the control plane on 127.0.0.1; 0 takes a free one. Default: 7070.",
        DefaultValueFactory = _ => 7070,
    };

    public UpCommand(CommandFrame frame)
        : base("up", "Start a cluster on this machine: one silo, and one agent for each host.", frame,
            "dev up", "dev up --hosts 8 --warm 2 --port 0 --data ./cluster")
    {
        Add(_hosts);
        Add(_warm);
        Add(_port);
    }

    protected override async Task<int> RunAsync(
        CommandContext context, DataFolder data, CancellationToken cancellationToken)
    {
        var time = context.Environment.Time;
        var start = time.GetTimestamp();
        var size = new ClusterSize(
            context.Parsed.GetValue(_hosts), context.Parsed.GetValue(_warm), context.Parsed.GetValue(_port));
        var cluster = await ClusterStart.PerformAsync(data, size, context.Environment, cancellationToken)
            .ConfigureAwait(false);
        context.Say($"Started {size.Hosts} hosts and the control plane at {cluster.Server}; waiting for them.");
        try
        {
            await new ClusterWait(data, time)
                .UntilAsync(cluster, cluster.Hosts, IsUp, "Warm", Patience, cancellationToken)
                .ConfigureAwait(false);
        }
        catch
        {
            // All or nothing: half a cluster would only stand in the way of the next try. The logs stay.
            await ClusterStop.PerformAsync(data, time, CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        Show(context, data, cluster, time.GetElapsedTime(start));
        return ExitCode.Ok;
    }

    /// <summary>A node that joins while stored jobs wait for it is leased at once.</summary>
    private static bool IsUp(Node node) =>
        node.IsConnected && node.Phase is NodePhase.Warm or NodePhase.Assigned or NodePhase.Active;

    private static void Show(CommandContext context, DataFolder data, ClusterRecord cluster, TimeSpan duration)
    {
        if (context.IsJson)
        {
            var record = JsonSerializer.SerializeToNode(cluster, ClusterJson.Default.ClusterRecord)!.AsObject();
            record["server"] = cluster.Server;
            record["dataFolder"] = data.Root;
            record["warmAfterSeconds"] = duration.TotalSeconds;
            context.Json.Write((JsonNode)record);
            return;
        }

        var export = Export(context, data);
        context.Human.Line(
            $"""
            All {cluster.Hosts.Count} hosts are warm after {duration.TotalSeconds:0.0} s. What next:{export}
              orch nodes                    what each host does
              orch submit job.yaml --wait   run a job
              orch events --follow          what happens, as it happens
              orch incidents --follow       what breaks, and how it is mended
              orch dev kill-host host2      break a host
              orch dev down                 stop everything
            """);
    }

    /// <summary>Without it the next commands would look for a cluster in the default folder.</summary>
    private static string Export(CommandContext context, DataFolder data) =>
        context.IsDefaultData ? "" : $"\n  export {DataFolder.Variable}={data.Root}";
}
