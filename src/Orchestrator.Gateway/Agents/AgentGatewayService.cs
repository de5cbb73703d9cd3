using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Gateway.Cluster;
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
    SiloNewsOutbox outbox,
    PeerDirectory peers,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<AgentGatewayService> logger) : Proto.AgentGateway.AgentGatewayBase
{
    /// <summary>How often the loss of a stream is told; after that the node's own deadlines have to notice.</summary>
    private const int LossAttempts = 5;

    public override async Task Attach(
        IAsyncStreamReader<Proto.AgentMessage> requestStream,
        IServerStreamWriter<Proto.GatewayMessage> responseStream,
        ServerCallContext context)
    {
        var hello = await ReadHelloAsync(requestStream, context.CancellationToken);
        var node = grains.GetGrain<INodeGrain>(hello.Node);
        var connection = new AgentConnection(hello.Node, (long)hello.SessionNumber, time);
        var reference = grains.CreateObjectReference<INodeConnection>(connection);
        try
        {
            if (await node.Attach(hello.ToDomain(time.GetUtcNow()), reference) is { } refusal)
            {
                await responseStream.WriteAsync(new() { Rejected = new() { Reason = refusal.ToProto() } });
                return;
            }

            table.Add(connection);
            LogAttached(logger, hello.Node, hello.SessionNumber);
            _ = SightGpusAsync(hello);
            var ended = await ServeAsync(connection, node, reference, requestStream, responseStream, context);
            table.Remove(connection);
            LogEnded(logger, hello.Node, hello.SessionNumber, ended.Sentence);
            await TellLossAsync(connection, node, ended);
        }
        finally
        {
            // Last: a call to an object that is not registered any more is never answered.
            table.Remove(connection);
            connection.Logs.EndAll();
            connection.StoreAnswers.EndAll();
            grains.DeleteObjectReference<INodeConnection>(reference);
        }
    }

    /// <summary>
    /// The node must hear of the loss, or a dead host would look free. A silo that stops keeps it to itself.
    /// </summary>
    private async Task TellLossAsync(AgentConnection connection, INodeGrain node, Domain.Reason reason)
    {
        for (var attempt = 1; !lifetime.ApplicationStopping.IsCancellationRequested; attempt++)
        {
            try
            {
                await node.LoseContact(connection.Session, reason, connection.Overdue, connection.Told)
                    .WaitAsync(lifetime.ApplicationStopping);
                return;
            }
            catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is not OperationCanceledException && attempt < LossAttempts)
            {
                LogLossUntold(logger, error, connection.Node);
            }
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
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken, connection.Closed, lifetime.ApplicationStopping);
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
            // A silo that stops answers no grain calls any more, and must not wait for one that is under way.
            await Task.WhenAll(write, read, watch).WaitAsync(lifetime.ApplicationStopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            // While this silo is busy with a message, the silence behind it is its own, not the agent's.
            using var heard = connection.Hear();
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
                case Proto.AgentMessage.BodyOneofCase.StoreAnswer:
                    connection.StoreAnswers.Deliver(message.StoreAnswer);
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
            var beat = new RankBeat((long)rank.Step, now - AgentMapping.Milliseconds(rank.AgeMs), rank.Phase);
            board.Report(rank.JobId, (int)rank.Attempt, (int)rank.Rank, beat, now);
            outbox.Add(rank.JobId, (int)rank.Attempt, (int)rank.Rank, beat);
        }

        connection.Beat(heartbeat.Number, peers.SampleFor(connection.Node));
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

    /// <summary>
    /// Silence on an open stream is lost contact too; and a node activated anew must learn its stream.
    /// </summary>
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
                var reason = new Domain.Reason(
                    "heartbeats_missing", "Its agent's stream is open, but no heartbeat comes.");
                // Before the silence is measured: what was answered until now, counts.
                connection.IsSilenced = true;
                await node.LoseContact(connection.Session, reason, connection.Overdue, connection.Told);
            }
            else if (isFresh && (!wasFresh || ++ticks % AgentConnection.KeepEveryTicks == 0))
            {
                await node.KeepConnection(connection.Session, reference);
                connection.IsSilenced = false;
            }
            else if (connection.IsDead)
            {
                await connection.Close(new Domain.Reason(
                    "silent_stream", "Nothing came on its agent's stream any more."));
            }

            wasFresh = isFresh;
        }
    }

    private async Task SightGpusAsync(Proto.Hello hello)
    {
        foreach (var gpu in hello.Gpus)
        {
            try
            {
                await grains.GetGrain<IGpuGrain>(gpu.Uuid).Sight(gpu.ToDomain(), hello.Node);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // A device's history is worth less than its host; the next hello tells of it again.
                LogSightFailed(logger, error, hello.Node, gpu.Uuid);
            }
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node}: the loss of its stream is not told yet; trying again")]
    private static partial void LogLossUntold(ILogger logger, Exception error, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node}: the sighting of {Gpu} could not be stored")]
    private static partial void LogSightFailed(ILogger logger, Exception error, string node, string gpu);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node}: stream broke: {Error}")]
    private static partial void LogBroken(ILogger logger, string node, string error);
}
