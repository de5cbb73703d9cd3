using Google.Protobuf;
using Orchestrator.Grains.Nodes;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Mapping;

/// <summary>Pieces of logs between an agent's stream and whoever reads them.</summary>
internal static class LogMapping
{
    public static LogRequest ToDomain(this Proto.ReadLogsRequest request, string job, int newestAttempt) => new()
    {
        Job = job,
        Attempt = request.Attempt > 0 ? (int)request.Attempt : newestAttempt,
        Rank = (int)request.Rank,
        IsStderr = request.IsStderr,
        TailBytes = request.TailBytes,
        TailLines = request.TailLines,
        StartAt = request.StartAt,
        Follow = request.Follow,
    };

    public static Proto.ReadLog ToProto(this LogRequest request, ulong id) => new()
    {
        RequestId = id,
        JobId = request.Job,
        Attempt = (uint)request.Attempt,
        Rank = (uint)request.Rank,
        IsStderr = request.IsStderr,
        TailBytes = request.TailBytes,
        TailLines = request.TailLines,
        StartAt = request.StartAt,
        Follow = request.Follow,
    };

    public static LogPiece ToPiece(this Proto.LogChunk chunk) => new()
    {
        Data = chunk.Data.Memory,
        Offset = chunk.Offset,
        IsLast = chunk.IsLast,
        Failure = chunk.Failure is { } failure ? new Domain.Reason(failure.Code, failure.Sentence) : null,
    };

    /// <summary>How a reading ends before its log does.</summary>
    public static LogPiece LastPiece(Domain.Reason reason) => new() { Data = default, IsLast = true, Failure = reason };

    public static Proto.LogData ToProto(this LogPiece piece) => new()
    {
        Data = UnsafeByteOperations.UnsafeWrap(piece.Data),
        Offset = piece.Offset,
    };
}
