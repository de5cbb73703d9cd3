using Orchestrator.Cli.CommandLine;
using Orchestrator.Client;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs.Logs;

/// <summary>One log of one rank in one attempt, as lines.</summary>
internal sealed class RankLog(CommandContext context, LogQuery query, LogLines output, RankPlace place, bool isError)
{
    /// <summary>What was not there yet, or broke off, is looked for again after this time at the latest.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly LineSplitter _lines = new();
    private ulong _position;
    private bool _isBegun;

    /// <summary>Writes all that is there.</summary>
    /// <exception cref="OrchestratorException">It cannot be read.</exception>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var request = query.RequestFor(place.Rank, place.Attempt, isError);
        if (_isBegun)
            request.StartAt = _position;
        await foreach (var piece in context.Client.ReadLogPiecesAsync(request, cancellationToken).ConfigureAwait(false))
            Take(piece);
        if (!query.Follow)
            WriteRest();
    }

    /// <summary>Writes all that is there and all that comes until the rank is over, over interruptions.</summary>
    public async Task FollowAsync(FollowedJob job, CancellationToken cancellationToken)
    {
        try
        {
            while (!await IsWholeAsync(job, cancellationToken).ConfigureAwait(false))
            {
                using var pause = new CancellationTokenSource(Pause, context.Environment.Time);
                using var ending = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellationToken);
                await job.Change.WaitAsync(ending.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.None);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            WriteRest();
        }
    }

    /// <summary>Reads to the end; true when nothing can follow what was read.</summary>
    private async Task<bool> IsWholeAsync(FollowedJob job, CancellationToken cancellationToken)
    {
        // Asked before the reading: what the rank wrote before its end is then in it.
        var isOver = job.IsOver(place);
        try
        {
            await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OrchestratorException failure) when (failure.Kind != OrchestratorErrorKind.InvalidRequest)
        {
            // Its folder is not there yet, its host or the control plane is away: the job says how that ends.
            if (isOver && failure.Code != "no_such_log" && isError == query.Streams.First())
                output.Note(place, $"the log of attempt {place.Attempt} ends here: {failure.Message}");
        }

        return isOver;
    }

    private void Take(LogData piece)
    {
        var data = piece.Data.Span;
        if (!_isBegun && piece.Offset > 0 && query.TailBytes > 0)
        {
            // The first line was cut by the tail: whole lines only.
            var end = data.IndexOf((byte)'\n');
            data = end < 0 ? [] : data[(end + 1)..];
        }

        _isBegun = true;
        _position = piece.Offset + (ulong)piece.Data.Length;
        foreach (var line in _lines.Add(data))
            output.Write(place, isError, line);
    }

    private void WriteRest()
    {
        if (_lines.Rest() is { } rest)
            output.Write(place, isError, rest);
    }
}
