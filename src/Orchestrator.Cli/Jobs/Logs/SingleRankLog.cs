using Orchestrator.Cli.CommandLine;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs.Logs;

/// <summary>The output of one rank, byte for byte.</summary>
internal static class SingleRankLog
{
    public static async Task<int> ShowAsync(
        CommandContext context, ReadLogsRequest request, CancellationToken cancellationToken)
    {
        var output = context.Environment.RawOut;
        await foreach (var piece in context.Client.ReadLogPiecesAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (context.IsJson)
            {
                context.Json.Write(piece);
                continue;
            }

            await output.WriteAsync(piece.Data.Memory, cancellationToken).ConfigureAwait(false);
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }
}
