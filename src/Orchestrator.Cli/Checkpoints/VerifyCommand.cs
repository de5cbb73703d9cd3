using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Completion;
using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Checkpoints;

/// <summary><c>orch checkpoint verify</c></summary>
internal sealed class VerifyCommand : CliCommand
{
    private static readonly string[] Columns = ["RANK", "PLACE", "STATE", "WHY"];

    private readonly Argument<string> _job = new("JOB") { Description = "The job's id." };

    private readonly Option<ulong?> _step = new("--step")
    {
        Description = "Of which checkpoint. Default: the newest that can be resumed from.",
        HelpName = "N",
    };

    public VerifyCommand(CommandFrame frame)
        : base(
            "verify",
            "Have a host read every copy of a checkpoint and compare it with its manifest; exit with 1 unless all are "
            + "good.",
            frame,
            "checkpoint verify train-4x7kq", "checkpoint verify train-4x7kq --step 4000 -o json")
    {
        _job.CompletionSources.Add(LiveNames.Of(frame).Jobs);
        Add(_job);
        Add(_step);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var findings = new List<ShardFinding>();
        var last = new CheckpointWork();
        var work = context.Client.VerifyCheckpointAsync(
            context.Parsed.GetRequiredValue(_job), context.Parsed.GetValue(_step), cancellationToken);
        await foreach (var part in work.ConfigureAwait(false))
        {
            last = part;
            findings.AddRange(part.Findings);
            if (context.IsJson)
                context.Json.Write(part);
        }

        var bad = findings.Count(finding => finding.State != ShardCopyState.Good);
        if (!context.IsJson)
            Show(context.Human, last, findings, bad);
        return bad == 0 ? ExitCode.Ok : ExitCode.CheckpointDiffers;
    }

    private static void Show(HumanOutput human, CheckpointWork last, List<ShardFinding> findings, int bad)
    {
        human.Table(Columns, findings.Select(Row).ToList(), "The checkpoint has no copy that could be read.");
        human.Line("");
        human.Line(bad == 0
            ? $"Step {Words.Number(last.Step)}: all {findings.Count} copies are as its manifest says, by {last.Node}."
            : $"Step {Words.Number(last.Step)}: {bad} of {findings.Count} copies are not good, by {last.Node}.");
    }

    private static string[] Row(ShardFinding finding) =>
    [
        Words.Number(finding.Rank),
        finding.Place,
        CheckpointWords.Of(finding.State),
        Words.WithCode(finding.Fault),
    ];
}
