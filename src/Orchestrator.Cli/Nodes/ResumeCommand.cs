using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Completion;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Nodes;

/// <summary><c>orch resume</c></summary>
internal sealed class ResumeCommand : CliCommand
{
    private readonly Argument<string> _name = new("NODE|JOB")
    {
        Description = "The node's name; with --from the job's id.",
    };

    private readonly Option<string?> _reason = new("--reason")
    {
        Description = "Why, in one line: the node's history or the job's incident keeps it. Required for a node.",
        HelpName = "TEXT",
    };

    private readonly Option<bool> _force = new("--force")
    {
        Description = "Lift Orchestrator's own cordon, too: it goes by your word that the fault is gone.",
    };

    private readonly Option<ulong?> _from = new("--from")
    {
        Description = "Have a job go on from its checkpoint of this step: planned stop, then the next attempt on the "
            + "same nodes. Its later checkpoints are given up.",
        HelpName = "STEP",
    };

    public ResumeCommand(CommandFrame frame)
        : base(
            "resume",
            "Give a drained node back to work, or have a job go on from an earlier checkpoint.",
            frame,
            "resume host2 --reason \"cables are new\"",
            "resume train-4x7kq --from 4000 --reason \"the loss diverged\"")
    {
        var names = LiveNames.Of(frame);
        _name.CompletionSources.Add(names.Nodes);
        _name.CompletionSources.Add(names.Jobs);
        Add(_name);
        Add(_reason);
        Add(_force);
        Add(_from);
        Validators.Add(result =>
        {
            if (!result.IsGiven(_from) && !result.IsGiven(_reason))
                result.AddError("Option '--reason' is required for a node.");
            if (result.IsGiven(_from) && result.IsGiven(_force))
                result.AddError("--force is for nodes, --from for jobs.");
        });
    }

    protected override Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        return context.Parsed.GetValue(_from) is { } step
            ? ResumeJobAsync(context, name, step, cancellationToken)
            : ResumeNodeAsync(context, name, cancellationToken);
    }

    private async Task<int> ResumeNodeAsync(CommandContext context, string name, CancellationToken cancellationToken)
    {
        var reason = context.Parsed.GetValue(_reason) ?? "";
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

    private async Task<int> ResumeJobAsync(
        CommandContext context, string jobId, ulong step, CancellationToken cancellationToken)
    {
        // The attempt that is there now: a repetition of the call must not end the one that goes on from there.
        var job = await context.Client.GetJobAsync(jobId, cancellationToken).ConfigureAwait(false);
        var reply = await context.Client.ResumeJobAsync(
            jobId, step, job.Attempt, context.Parsed.GetValue(_reason), cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        if (context.IsJson)
        {
            context.Json.Write(reply);
            return ExitCode.Ok;
        }

        context.Human.Line(reply.Changed
            ? $"{jobId} will go on from step {Words.Number(step)}; it is {Words.Of(reply.Phase)}."
            : $"{jobId} goes on from step {Words.Number(step)} already; it is {Words.Of(reply.Phase)}.");
        context.Human.Line($"Follow it with: orch job {jobId} --watch");
        return ExitCode.Ok;
    }
}
