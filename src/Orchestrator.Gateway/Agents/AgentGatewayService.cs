using Grpc.Core;
using Microsoft.Extensions.Logging;
using Orchestrator.Gateway.Mapping;
using Orchestrator.Gateway.Progress;
using Orchestrator.Grains.Gpus;
using Orchestrator.Grains.Nodes;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Agents;

/// <summary>Holds the streams of agents: heartbeats stay here, edges go to the grains.</summary>
internal sealed partial class AgentGatewayService(
    IGrainFactory grains,
    ConnectionTable table,
    ProgressBoard board,
    TimeProvider time,
    ILogger<AgentGatewayService> logger) : Proto.AgentGateway.AgentGatewayBase
{
    public override async Task Attach(
        IAsyncStreamReader<Proto.AgentMessage> requestStream,
        IServerStreamWriter<Proto.GatewayMessage> responseStream,
        ServerCallContext context)
    {
        var hello = await ReadHelloAsync(requestStream, context.CancellationToken);
        var node = grains.GetGrain<INodeGrain>(hello.Node);
        using var connection = new AgentConnection(hello.Node, (long)hello.SessionNumber, time);
        var reference = grains.CreateObjectReference<INodeConnection>(connection);
        var ended = new Domain.Reason("stream_ended", "Its agent's stream ended.");
        try
        {
            if (await node.Attach(hello.ToDomain(time.GetUtcNow()), reference) is { } refusal)
            {
                await responseStream.WriteAsync(new() { Rejected = new() { Reason = refusal.ToProto() } });
                return;
            }

            table.Add(connection);
            await SightGpusAsync(hello);
            LogAttached(logger, hello.Node, hello.SessionNumber);
            ended = await ServeAsync(connection, node, reference, requestStream, responseStream, context);
        }
        finally
        {
            table.Remove(connection);
            grains.DeleteObjectReference<INodeConnection>(reference);
            LogEnded(logger, hello.Node, hello.SessionNumber, ended.Sentence);
            await node.LoseContact(connection.Session, ended);
        }
    }

    private async Task<Domain.Reason> ServeAsync(
        AgentConnection connection,
        INodeGrain node,
        INodeConnection reference,
        IAsyncStreamReader<Proto.AgentMessage> incoming,
        IServerStreamWriter<Proto.GatewayMessage> outgoing,
        ServerCallContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, connection.Closed);
        var write = connection.PumpAsync(outgoing, stop.Token);
        var read = ReadAsync(connection, node, incoming, stop.Token);
        var watch = WatchAsync(connection, node, reference, stop.Token);
        try
        {
            await await Task.WhenAny(write, read, watch);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or RpcException)
        {
            LogBroken(logger, connection.Node, error.Message);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(write, read, watch).ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        return connection.CloseReason ?? new("stream_ended", "Its agent's stream ended.");
    }

    private async Task ReadAsync(
        AgentConnection connection,
        INodeGrain node,
        IAsyncStreamReader<Proto.AgentMessage> incoming,
        CancellationToken cancellationToken)
    {
        await foreach (var message in incoming.ReadAllAsync(cancellationToken))
        {
            switch (message.BodyCase)
            {
                case Proto.AgentMessage.BodyOneofCase.Heartbeat:
                    Beat(connection, message.Heartbeat);
                    break;
                case Proto.AgentMessage.BodyOneofCase.Event:
                    await ObserveAsync(connection, node, message.Event);
                    break;
                case Proto.AgentMessage.BodyOneofCase.Log:
                    connection.Logs.Deliver(message.Log);
                    break;
                default:
                    throw new RpcException(new Status(
                        StatusCode.InvalidArgument, $"{message.BodyCase} is only allowed once, as the first message."));
            }
        }
    }

    private void Beat(AgentConnection connection, Proto.Heartbeat heartbeat)
    {
        var now = time.GetUtcNow();
        foreach (var rank in heartbeat.Ranks)
        {
            board.Report(
                rank.JobId,
                (int)rank.Attempt,
                (int)rank.Rank,
                (long)rank.Step,
                now - AgentMapping.Milliseconds(rank.AgeMs));
        }

        connection.Beat(heartbeat.Number);
    }

    private async Task ObserveAsync(AgentConnection connection, INodeGrain node, Proto.AgentEvent seen)
    {
        var now = time.GetUtcNow();
        if (seen.BodyCase == Proto.AgentEvent.BodyOneofCase.DeviceHealth)
        {
            await grains.GetGrain<IGpuGrain>(seen.DeviceHealth.GpuUuid)
                .Observe(seen.DeviceHealth.ToDomain(connection.Node, now));
        }
        else if (seen.ToDomain(now) is { } edge)
        {
            await node.Observe(connection.Session, edge);
        }

        connection.TryEnqueue(new() { EventsAcknowledged = seen.EventId });
    }

    /// <summary>Silence on an open stream is lost contact too; and a node activated anew must learn its stream.</summary>
    private async Task WatchAsync(
        AgentConnection connection, INodeGrain node, INodeConnection reference, CancellationToken cancellationToken)
    {
        var wasFresh = true;
        var ticks = 0;
        using var timer = new PeriodicTimer(AgentConnection.WatchPeriod, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var isFresh = connection.IsFresh;
            if (!isFresh && wasFresh)
            {
                await node.LoseContact(connection.Session, new Domain.Reason(
                    "heartbeats_missing", "Its agent's stream is open, but no heartbeat comes."));
            }
            else if (isFresh && (!wasFresh || ++ticks % AgentConnection.KeepEveryTicks == 0))
            {
                await node.KeepConnection(connection.Session, reference);
            }

            wasFresh = isFresh;
        }
    }

    private async Task SightGpusAsync(Proto.Hello hello)
    {
        foreach (var gpu in hello.Gpus)
        {
            await grains.GetGrain<IGpuGrain>(gpu.Uuid).Sight(gpu.ToDomain(), hello.Node);
        }
    }

    private static async Task<Proto.Hello> ReadHelloAsync(
        IAsyncStreamReader<Proto.AgentMessage> incoming, CancellationToken cancellationToken)
    {
        if (await incoming.MoveNext(cancellationToken) && incoming.Current.Hello is { Node.Length: > 0 } hello)
        {
            return hello;
        }

        throw new RpcException(new Status(
            StatusCode.InvalidArgument, "The first message must be a hello with the node's name."));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node}: attached, session {Session}")]
    private static partial void LogAttached(ILogger logger, string node, ulong session);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node}: session {Session} ended: {Reason}")]
    private static partial void LogEnded(ILogger logger, string node, ulong session, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node}: stream broke: {Error}")]
    private static partial void LogBroken(ILogger logger, string node, string error);
}
