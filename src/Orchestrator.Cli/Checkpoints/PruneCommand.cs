using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Completion;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Checkpoints;

/// <summary><c>orch checkpoint prune</c></summary>
internal sealed class PruneCommand : CliCommand
{
    private readonly Argument<string> _job = new("JOB") { Description = "The job's id." };

    private readonly Option<uint> _keep = new("--keep")
    {
        Description = "How many of the newest are kept. What the job would resume from, the newest in the store and "
            + "the one on its way there stay in any case.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    public PruneCommand(CommandFrame frame)
        : base(
            "prune",
            "Forget a job's older checkpoints; its hosts then delete their files.",
            frame,
            "checkpoint prune train-4x7kq", "checkpoint prune train-4x7kq --keep 2")
    {
        _job.CompletionSources.Add(LiveNames.Of(frame).Jobs);
        Add(_job);
        Add(_keep);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var jobId = context.Parsed.GetRequiredValue(_job);
        var reply = await context.Client.PruneCheckpointsAsync(
            jobId, context.Parsed.GetValue(_keep), cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
        {
            context.Json.Write(reply);
            return ExitCode.Ok;
        }

        context.Human.Line(reply.ForgottenSteps.Count == 0
            ? $"{jobId} has nothing to forget."
            : $"{jobId} forgot its checkpoints of steps {Steps(reply.ForgottenSteps)}; their files are being deleted.");
        if (reply.KeptSteps.Count > 0)
            context.Human.Line($"Kept: {Steps(reply.KeptSteps)}.");
        return ExitCode.Ok;
    }

    private static string Steps(IEnumerable<ulong> steps) => string.Join(", ", steps.Select(Words.Number));
}
