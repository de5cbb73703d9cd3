using Orchestrator.Grains.Nodes;

namespace Orchestrator.Gateway.Control;

/// <summary>Where the pieces of one log arrive.</summary>
internal sealed class LogSink : ILogSink
{
    public Arrivals<LogPiece> Pieces { get; } = new();

    public Task Take(LogPiece piece) => Pieces.AddAsync(piece, piece.IsLast);
}

/// <summary>Where the parts of an answer about a store arrive.</summary>
internal sealed class StoreSink : IStoreSink
{
    public Arrivals<StorePart> Parts { get; } = new();

    public Task Take(StorePart part) => Parts.AddAsync(part, part.IsLast);
}
