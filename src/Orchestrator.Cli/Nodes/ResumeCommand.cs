using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Nodes;

/// <summary><c>orch resume</c></summary>
internal sealed class ResumeCommand : CliCommand
{
    private readonly Argument<string> _name = new("NODE") { Description = "The node's name." };

    private readonly Option<string> _reason = new("--reason")
    {
        Description = "Why, in one line: the node's history keeps it.",
        HelpName = "TEXT",
        Required = true,
    };

    private readonly Option<bool> _force = new("--force")
    {
        Description = "Lift Orchestrator's own cordon, too: it goes by your word that the fault is gone.",
    };

    public ResumeCommand(CommandFrame frame)
        : base(
            "resume",
            "Give a drained node back to work. Cordons of other owners stay.",
            frame,
            "resume host2 --reason \"cables are new\"")
    {
        Add(_name);
        Add(_reason);
        Add(_force);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var reason = context.Parsed.GetRequiredValue(_reason);
        var reply = await context.Client.ResumeNodeAsync(
            name, reason, context.Parsed.GetValue(_force), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
        {
            context.Json.Write(reply);
            return ExitCode.Ok;
        }

        context.Human.Line(reply.Changed
            ? $"{name} is resumed; it is {Words.Of(reply.Node.Phase)}."
            : $"{name} had no cordon; it is {Words.Of(reply.Node.Phase)}.");
        NodeWords.TellCordons(reply.Node, context.Human);
        return ExitCode.Ok;
    }
}
