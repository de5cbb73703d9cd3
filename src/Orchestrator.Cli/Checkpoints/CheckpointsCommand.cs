using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Completion;
using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Checkpoints;

/// <summary><c>orch checkpoints</c></summary>
internal sealed class CheckpointsCommand : CliCommand
{
    private static readonly string[] Columns = ["STEP", "ATTEMPT", "TIER", "SIZE", "SHARDS", "IN MEMORY OF", "NOTE"];
    private static readonly string[] ArrivingColumns = ["ARRIVING", "ATTEMPT", "SHARDS", "SAFE", "SIZE"];

    private readonly Argument<string> _job = new("JOB") { Description = "The job's id." };

    public CheckpointsCommand(CommandFrame frame)
        : base(
            "checkpoints", "List a job's checkpoints, newest first: where they are, and what they survive.", frame,
            "checkpoints train-4x7kq", "checkpoints train-4x7kq -o json")
    {
        _job.CompletionSources.Add(LiveNames.Of(frame).Jobs);
        Add(_job);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var jobId = context.Parsed.GetRequiredValue(_job);
        var reply = await context.Client.ListCheckpointsAsync(jobId, cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
        {
            context.Json.Write(reply);
            return ExitCode.Ok;
        }

        context.Human.Table(
            Columns, reply.Checkpoints.Select(Row).ToList(), $"{jobId} has no checkpoint that is whole and verified.");
        if (reply.Arriving.Count > 0)
        {
            context.Human.Line("");
            context.Human.Table(ArrivingColumns, reply.Arriving.Select(Row).ToList(), "");
        }

        return ExitCode.Ok;
    }

    private static string[] Row(Checkpoint checkpoint) =>
    [
        Words.Number(checkpoint.Step),
        Words.Number(checkpoint.Attempt),
        CheckpointWords.Of(checkpoint.Tier),
        Words.Bytes(checkpoint.SizeBytes),
        Words.Number(checkpoint.Shards),
        string.Join(", ", checkpoint.Holders),
        CheckpointWords.Notes(checkpoint),
    ];

    private static string[] Row(ArrivingCheckpoint arriving) =>
    [
        Words.Number(arriving.Step),
        Words.Number(arriving.Attempt),
        $"{arriving.ShardsArrived} of {arriving.ShardsExpected}",
        $"{arriving.ShardsSafe}",
        Words.Bytes(arriving.SizeBytes),
    ];
}
