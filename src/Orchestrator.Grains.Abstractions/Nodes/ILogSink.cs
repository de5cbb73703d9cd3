using Orchestrator.Domain;

namespace Orchestrator.Grains.Nodes;

/// <summary>Which part of a rank's output is read.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.LogRequest")]
public sealed record LogRequest
{
    /// <summary>The job.</summary>
    [Id(0)] public required string Job { get; init; }

    /// <summary>The attempt.</summary>
    [Id(1)] public required int Attempt { get; init; }

    /// <summary>The rank.</summary>
    [Id(2)] public required int Rank { get; init; }

    /// <summary>Standard error instead of standard output.</summary>
    [Id(3)] public bool IsStderr { get; init; }

    /// <summary>Begin at most this many bytes before the end; 0: no such bound.</summary>
    [Id(4)] public ulong TailBytes { get; init; }

    /// <summary>Begin at most this many lines before the end; 0: no such bound.</summary>
    [Id(5)] public ulong TailLines { get; init; }

    /// <summary>Begin at this byte, counted from 0.</summary>
    [Id(6)] public ulong StartAt { get; init; }

    /// <summary>Go on until the rank ends.</summary>
    [Id(7)] public bool Follow { get; init; }
}

/// <summary>A piece of a rank's output, or the end of the reading.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.LogPiece")]
public sealed record LogPiece
{
    /// <summary>Raw output; empty in a last piece that only says how the reading ended.</summary>
    [Id(0)] public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Where the first byte stands in the log, counted from 0.</summary>
    [Id(1)] public ulong Offset { get; init; }

    /// <summary>No more will follow.</summary>
    [Id(2)] public bool IsLast { get; init; }

    /// <summary>Why the reading ended before the log did; null when it did not.</summary>
    [Id(3)] public Reason? Failure { get; init; }
}

/// <summary>Who reads a log: an object of the silo that was asked, wherever the agent has its stream.</summary>
[Alias("orchestrator.ILogSink")]
public interface ILogSink : IGrainObserver
{
    /// <summary>Takes a piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <returns>When there is room for the next one.</returns>
    [Alias("Take")]
    Task Take(LogPiece piece);
}
