using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Completion;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Checkpoints;

/// <summary><c>orch checkpoint restore</c></summary>
internal sealed class RestoreCommand : CliCommand
{
    private readonly Argument<string> _job = new("JOB") { Description = "The job's id." };

    private readonly Option<ulong?> _step = new("--step")
    {
        Description = "Of which checkpoint. Default: the newest that can be resumed from.",
        HelpName = "N",
    };

    private readonly Option<string> _to = new("--to")
    {
        Description = "Absolute path on the node; missing or empty. Rank N's files go into its folder rank-N.",
        HelpName = "FOLDER",
        Required = true,
    };

    private readonly Option<string> _node = new("--node")
    {
        Description = "Whose agent writes.",
        HelpName = "NODE",
        Required = true,
    };

    public RestoreCommand(CommandFrame frame)
        : base(
            "restore",
            "Have a host write all shards of a checkpoint, verified, into a folder of its own.",
            frame,
            "checkpoint restore train-4x7kq --step 4000 --to /scratch/step-4000 --node host2")
    {
        var names = LiveNames.Of(frame);
        _job.CompletionSources.Add(names.Jobs);
        _node.CompletionSources.Add(names.Nodes);
        Add(_job);
        Add(_step);
        Add(_to);
        Add(_node);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var folder = context.Parsed.GetRequiredValue(_to);
        var node = context.Parsed.GetRequiredValue(_node);
        var work = context.Client.RestoreCheckpointAsync(
            context.Parsed.GetRequiredValue(_job), node, folder, context.Parsed.GetValue(_step), cancellationToken);
        var step = 0UL;
        await foreach (var part in work.ConfigureAwait(false))
        {
            step = part.Step;
            if (context.IsJson)
            {
                context.Json.Write(part);
                continue;
            }

            foreach (var finding in part.Findings)
                context.Human.Line($"{part.Done} of {part.Total}: rank {finding.Rank}, from the {finding.Place}");
        }

        context.Say($"The checkpoint of step {Words.Number(step)} is in {folder} on {node}.");
        return ExitCode.Ok;
    }
}
