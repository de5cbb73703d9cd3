using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Nodes;

/// <summary><c>orch nodes</c></summary>
internal sealed class NodesCommand(CommandFrame frame)
    : CliCommand("nodes", "List all nodes: what each does, and why.", frame, "nodes", "nodes -o json")
{
    private static readonly string[] Columns = ["NODE", "PHASE", "CONTACT", "ADDRESS", "ACCELERATORS", "JOB", "WHY"];
    private static readonly string[] CordonColumns = ["NODE", "CORDONED BY", "SINCE", "WHY", "DRAIN"];

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var nodes = await context.Client.ListNodesAsync(cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
        {
            context.Json.WriteArray(nodes);
            return ExitCode.Ok;
        }

        context.Human.Table(Columns, nodes.Select(Row).ToList(), "No node has joined yet.");
        var cordons = nodes.SelectMany(node => node.Cordons.Select(cordon => CordonRow(node, cordon))).ToList();
        if (cordons.Count > 0)
        {
            context.Human.Line("");
            context.Human.Table(CordonColumns, cordons, "");
        }

        return ExitCode.Ok;
    }

    private static string[] Row(Node node) =>
    [
        node.Name,
        NodeWords.Phase(node),
        NodeWords.Contact(node),
        node.Address,
        Words.Devices(node.Gpus),
        node.JobId,
        Words.Of(node.Reason),
    ];

    private static string[] CordonRow(Node node, Cordon cordon) =>
    [
        node.Name,
        cordon.Owner,
        Words.Of(cordon.Since),
        Words.Of(cordon.Reason),
        Words.Of(node.Drain),
    ];
}
