using System.CommandLine;
using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Nodes;

/// <summary><c>orch drain</c></summary>
internal sealed class DrainCommand : CliCommand
{
    private readonly Argument<string> _name = new("NODE") { Description = "The node's name." };

    private readonly Option<string> _reason = new("--reason")
    {
        Description = "Why, in one line: every view of the node shows it.",
        HelpName = "TEXT",
        Required = true,
    };

    private readonly Option<bool> _now = new("--now")
    {
        Description = "Move a job that runs on it, as soon as another node is free. Without it the job keeps the node "
            + "until it ends or is launched anew for another reason.",
    };

    public DrainCommand(CommandFrame frame)
        : base(
            "drain",
            "Keep new work from a node, until it is resumed.",
            frame,
            "drain host2 --reason \"new cables on Tuesday\"",
            "drain host2 --reason \"new cables now\" --now")
    {
        Add(_name);
        Add(_reason);
        Add(_now);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var reason = context.Parsed.GetRequiredValue(_reason);
        var reply = await context.Client.DrainNodeAsync(
            name, reason, context.Parsed.GetValue(_now), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
        {
            context.Json.Write(reply);
            return ExitCode.Ok;
        }

        context.Human.Line(reply.Changed ? $"{name} takes no new work." : $"{name} was drained so before.");
        NodeWords.TellCordons(reply.Node, context.Human);
        return ExitCode.Ok;
    }
}
