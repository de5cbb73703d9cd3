using Grpc.Core;
using Orchestrator.Domain.Jobs;
using Orchestrator.Gateway.Agents;
using Orchestrator.Gateway.Mapping;
using Orchestrator.Grains.Nodes;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Control;

/// <summary>Reads a rank's output from the host that runs or ran it, over its agent's stream.</summary>
internal sealed class LogReader(IGrainFactory grains, TimeProvider time)
{
    /// <summary>A rank may be quiet; but the silo that has its agent's stream may also have died.</summary>
    private static readonly TimeSpan AskWhetherItLives = TimeSpan.FromSeconds(5);

    public async Task ReadAsync(
        Proto.ReadLogsRequest request,
        JobState job,
        IServerStreamWriter<Proto.LogData> stream,
        CancellationToken cancellationToken)
    {
        var node = FindNode(request, job);
        var connection = await grains.GetGrain<INodeGrain>(node).FindConnection() ?? throw new Domain.Reason(
            "node_not_connected", $"Rank {request.Rank} is on {node}, whose agent is not connected.").ToError();
        var sink = new LogSink();
        var reference = grains.CreateObjectReference<ILogSink>(sink);
        ulong reading = 0;
        try
        {
            reading = await connection.OpenLog(request.ToDomain(job.Id, job.Attempt), reference);
            while (true)
            {
                if (await sink.Pieces.NextAsync(AskWhetherItLives, time, cancellationToken) is { } piece)
                {
                    if (await IsLastAsync(piece, stream, cancellationToken))
                    {
                        return;
                    }
                }
                else if (!await connection.IsReading(reading) && sink.Pieces.IsEmpty)
                {
                    throw Gone(node);
                }
            }
        }
        catch (Exception error)
            when (error is ClientNotAvailableException or SiloUnavailableException or TimeoutException)
        {
            throw Gone(node);
        }
        finally
        {
            sink.Pieces.Close();
            grains.DeleteObjectReference<ILogSink>(reference);
            // Not awaited: its silo may be gone, and the reading ends there by itself too.
            connection.CloseLog(reading).Ignore();
        }
    }

    private static async Task<bool> IsLastAsync(
        LogPiece piece, IServerStreamWriter<Proto.LogData> stream, CancellationToken cancellationToken)
    {
        if (piece.Data.Length > 0)
        {
            await stream.WriteAsync(piece.ToProto(), cancellationToken);
        }

        return piece is { IsLast: true, Failure: { } failure } ? throw failure.ToError() : piece.IsLast;
    }

    private static RpcException Gone(string node) => AgentGone.Reason(node).ToError();

    private static string FindNode(Proto.ReadLogsRequest request, JobState job)
    {
        if (request.Rank >= job.Spec!.WorldSize)
        {
            throw new Domain.Reason(
                "no_such_rank", $"{job.Id} has ranks 0 to {job.Spec.WorldSize - 1}, not {request.Rank}.").ToError();
        }

        var nodeRank = (int)request.Rank / job.Spec.RanksPerNode;
        return job.Gang.FirstOrDefault(member => member.NodeRank == nodeRank)?.Node
            ?? throw new Domain.Reason(
                "not_launched", $"{job.Id} has not been launched: {job.Reason.Sentence}").ToError();
    }
}
