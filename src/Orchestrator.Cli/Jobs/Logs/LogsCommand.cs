using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Completion;

namespace Orchestrator.Cli.Jobs.Logs;

/// <summary><c>orch logs</c></summary>
internal sealed class LogsCommand : CliCommand
{
    private readonly Argument<string> _job = new("ID") { Description = "The job's id." };

    private readonly Option<uint?> _rank = new("--rank")
    {
        Description = "Only this rank, byte for byte: standard output, or standard error with --stderr. "
            + "Default: all ranks, whole lines, each with its rank and node.",
        HelpName = "N",
    };

    private readonly Option<uint> _attempt = new("--attempt")
    {
        Description = "Of which attempt. Default: the newest, and with --follow those after it.",
        HelpName = "N",
    };

    private readonly Option<bool> _isOutput = new("--stdout") { Description = "Only standard output." };

    private readonly Option<bool> _isError = new("--stderr") { Description = "Only standard error." };

    private readonly Option<ulong> _lines = new("--lines", "-n")
    {
        Description = "Begin this many lines before the end of each log. Default: at its beginning.",
        HelpName = "N",
    };

    private readonly Option<ulong> _tail = new("--tail")
    {
        Description = "Begin this many bytes before the end of each log; of all ranks, at the next whole line.",
        HelpName = "BYTES",
    };

    private readonly Option<bool> _follow = new("--follow", "-f")
    {
        Description = "Go on until the rank has ended; of all ranks until the job has ended, over its recoveries.",
    };

    public LogsCommand(CommandFrame frame)
        : base(
            "logs", "Show what the ranks wrote, from the hosts that run or ran them.", frame,
            "logs train-4x7kq --follow", "logs train-4x7kq -n 20 --stderr", "logs train-4x7kq --rank 0 --tail 4096")
    {
        _job.CompletionSources.Add(LiveNames.Of(frame).Jobs);
        Add(_job);
        Add(_rank);
        Add(_attempt);
        Add(_isOutput);
        Add(_isError);
        Add(_lines);
        Add(_tail);
        Add(_follow);
        Validators.Add(result =>
        {
            if (result.IsGiven(_lines) && result.IsGiven(_tail))
                result.AddError("--lines and --tail exclude each other: one counts lines, the other bytes.");
            if (result.IsGiven(_rank) && result.IsGiven(_isOutput) && result.IsGiven(_isError))
                result.AddError("--rank shows one stream byte for byte: choose --stdout or --stderr.");
        });
    }

    protected override Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var parsed = context.Parsed;
        var (isOutput, isError) = (parsed.GetValue(_isOutput), parsed.GetValue(_isError));
        var query = new LogQuery
        {
            JobId = parsed.GetRequiredValue(_job),
            Attempt = parsed.GetValue(_attempt),
            HasOutput = isOutput || !isError,
            HasError = isError || !isOutput,
            TailBytes = parsed.GetValue(_tail),
            TailLines = parsed.GetValue(_lines),
            Follow = parsed.GetValue(_follow),
        };
        return parsed.GetValue(_rank) is { } rank
            ? SingleRankLog.ShowAsync(context, query.RequestFor(rank, query.Attempt, isError), cancellationToken)
            : new GangLog(context, query).ShowAsync(cancellationToken);
    }
}
