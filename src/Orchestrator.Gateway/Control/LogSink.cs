using System.Threading.Channels;
using Orchestrator.Grains.Nodes;

namespace Orchestrator.Gateway.Control;

/// <summary>Where the pieces of one log arrive, from whichever silo has the agent's stream.</summary>
internal sealed class LogSink : ILogSink
{
    /// <summary>Pieces that wait for the reader; the sender waits for room.</summary>
    private const int PiecesAhead = 16;

    private readonly Channel<LogPiece> _pieces = Channel.CreateBounded<LogPiece>(PiecesAhead);

    /// <summary>Every piece that came was taken.</summary>
    public bool IsEmpty => !_pieces.Reader.TryPeek(out _);

    public async Task Take(LogPiece piece)
    {
        await _pieces.Writer.WriteAsync(piece);
        if (piece.IsLast)
        {
            _pieces.Writer.TryComplete();
        }
    }

    /// <summary>The next piece.</summary>
    /// <returns>Null when none came for this long.</returns>
    public async Task<LogPiece?> NextAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _pieces.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Nobody reads any more.</summary>
    public void Close() => _pieces.Writer.TryComplete();
}
