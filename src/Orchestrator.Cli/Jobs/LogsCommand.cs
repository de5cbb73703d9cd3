using System.CommandLine;
using Google.Protobuf;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs;

/// <summary><c>orch logs</c></summary>
internal sealed class LogsCommand : CliCommand
{
    private readonly Argument<string> _job = new("ID") { Description = "The job's id." };

    private readonly Option<uint> _rank = new("--rank")
    {
        Description = "Whose output.",
        HelpName = "N",
        Required = true,
    };

    private readonly Option<uint> _attempt = new("--attempt")
    {
        Description = "Of which attempt. Default: the newest.",
        HelpName = "N",
    };

    private readonly Option<bool> _isError = new("--stderr")
    {
        Description = "Standard error instead of standard output.",
    };

    private readonly Option<ulong> _tail = new("--tail")
    {
        Description = "Only this many bytes from the end. Default: from the beginning.",
        HelpName = "BYTES",
    };

    private readonly Option<bool> _follow = new("--follow", "-f")
    {
        Description = "Go on until the rank has ended.",
    };

    public LogsCommand(CommandFrame frame)
        : base("logs", "Show what a rank wrote, byte for byte, from the host that runs or ran it.", frame)
    {
        Add(_job);
        Add(_rank);
        Add(_attempt);
        Add(_isError);
        Add(_tail);
        Add(_follow);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var parsed = context.Parsed;
        var request = new ReadLogsRequest
        {
            JobId = parsed.GetRequiredValue(_job),
            Rank = parsed.GetValue(_rank),
            Attempt = parsed.GetValue(_attempt),
            IsStderr = parsed.GetValue(_isError),
            TailBytes = parsed.GetValue(_tail),
            Follow = parsed.GetValue(_follow),
        };
        var output = context.Environment.RawOut;
        await foreach (var piece in context.Client.ReadLogsAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (context.IsJson)
            {
                context.Json.Write(new LogData { Data = ByteString.CopyFrom(piece.Span) });
                continue;
            }

            await output.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }
}
