using Grpc.Core;
using Orchestrator.Domain.Jobs;
using Orchestrator.Gateway.Agents;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Control;

/// <summary>Reads a rank's output from the host that runs or ran it, over its agent's stream.</summary>
internal sealed class LogReader(ConnectionTable table)
{
    public async Task ReadAsync(
        Proto.ReadLogsRequest request,
        JobState job,
        IServerStreamWriter<Proto.LogData> stream,
        CancellationToken cancellationToken)
    {
        var connection = FindConnection(request, job);
        var (id, chunks) = connection.Logs.Open();
        try
        {
            connection.TryEnqueue(new()
            {
                ReadLog = new()
                {
                    RequestId = id,
                    JobId = job.Id,
                    Attempt = request.Attempt > 0 ? request.Attempt : (uint)job.Attempt,
                    Rank = request.Rank,
                    IsStderr = request.IsStderr,
                    TailBytes = request.TailBytes,
                    Follow = request.Follow,
                    TailLines = request.TailLines,
                    StartAt = request.StartAt,
                },
            });
            await PassOnAsync(chunks.ReadAllAsync(cancellationToken), stream, connection, cancellationToken);
        }
        finally
        {
            connection.Logs.Close(id);
            connection.TryEnqueue(new() { CancelLog = id });
        }
    }

    private static async Task PassOnAsync(
        IAsyncEnumerable<Proto.LogChunk> chunks,
        IServerStreamWriter<Proto.LogData> stream,
        AgentConnection connection,
        CancellationToken cancellationToken)
    {
        await foreach (var chunk in chunks)
        {
            if (chunk.Data.Length > 0)
            {
                await stream.WriteAsync(new() { Data = chunk.Data, Offset = chunk.Offset }, cancellationToken);
            }

            if (chunk is { IsLast: true, Failure: { } failure })
            {
                throw new Domain.Reason(failure.Code, failure.Sentence).ToError();
            }

            if (chunk.IsLast)
            {
                return;
            }
        }

        throw new Domain.Reason(
            "stream_ended", $"The agent of {connection.Node} went away; the log goes on when it is back.").ToError();
    }

    private AgentConnection FindConnection(Proto.ReadLogsRequest request, JobState job)
    {
        if (request.Rank >= job.Spec!.WorldSize)
        {
            throw new Domain.Reason(
                "no_such_rank", $"{job.Id} has ranks 0 to {job.Spec.WorldSize - 1}, not {request.Rank}.").ToError();
        }

        var nodeRank = (int)request.Rank / job.Spec.RanksPerNode;
        var node = job.Gang.FirstOrDefault(member => member.NodeRank == nodeRank)?.Node
            ?? throw new Domain.Reason(
                "not_launched", $"{job.Id} has not been launched: {job.Reason.Sentence}").ToError();
        return table.Find(node) ?? throw new Domain.Reason(
            "node_not_connected", $"Rank {request.Rank} is on {node}, whose agent is not connected.").ToError();
    }
}
