using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Completion;
using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Nodes;

/// <summary><c>orch node</c></summary>
internal sealed class NodeCommand : CliCommand
{
    private static readonly string[] HistoryColumns = ["AT", "FROM", "TO", "INCIDENT", "WHY"];

    private readonly Argument<string> _name = new("NAME") { Description = "The node's name." };

    public NodeCommand(CommandFrame frame)
        : base("node", "Show one node: its state, cordons, accelerators and latest transitions.", frame, "node host2")
    {
        _name.CompletionSources.Add(LiveNames.Of(frame).Nodes);
        Add(_name);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var node = await context.Client.GetNodeAsync(name, cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
            context.Json.Write(node);
        else
            Show(node, context.Human);
        return ExitCode.Ok;
    }

    private static void Show(Node node, HumanOutput human)
    {
        human.Facts(
            ("Node", node.Name),
            ("Phase", Words.Of(node.Phase)),
            ("Why", Words.WithCode(node.Reason)),
            ("Contact", NodeWords.Contact(node)),
            ("Address", node.Address),
            ("Accelerators", Words.Devices(node.Gpus)),
            ("Labels", NodeWords.Labels(node)),
            ("Job", node.JobId),
            ("Lease", node.LeaseNumber > 0 ? $"number {node.LeaseNumber}" : ""),
            ("Agent", node.AgentVersion));
        NodeWords.TellCordons(node, human);
        foreach (var device in node.Gpus)
            human.Line($"Accelerator {device.Index}: {Device(device)}");
        if (node.History.Count == 0)
            return;
        human.Line("");
        human.Table(HistoryColumns, node.History.Select(Row).ToList(), "");
    }

    private static string Device(GpuDevice device) =>
        device.IsVirtual ? $"virtual, no real device ({device.Uuid})" : $"{device.Model} ({device.Uuid})";

    private static string[] Row(NodeTransition transition) =>
    [
        Words.Of(transition.At),
        Words.Of(transition.From),
        Words.Of(transition.To),
        transition.IncidentId,
        Words.Of(transition.Reason),
    ];
}
