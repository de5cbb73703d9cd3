using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Grpc.Core;
using Orchestrator.Domain.Leases;
using Orchestrator.Gateway.Mapping;
using Orchestrator.Grains.Nodes;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Agents;

/// <summary>One open stream: a bounded queue with one writer, and the time of the newest heartbeat.</summary>
[SuppressMessage(
    "Design",
    "CA1001:Types that own disposable fields should be disposable",
    Justification = "The token source has neither timer nor wait handle, and a late Close must find it alive.")]
internal sealed partial class AgentConnection(string node, long session, TimeProvider time) : INodeConnection
{
    /// <summary>
    /// Messages waiting for one agent. An agent that is this far behind is cut off and attaches anew.
    /// </summary>
    private const int QueueLength = 1024;

    /// <summary>Heartbeats are asked for at this interval.</summary>
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(1);

    /// <summary>Silence on an open stream that counts as lost contact: three heartbeats.</summary>
    private static readonly TimeSpan Stale = HeartbeatInterval * 3;

    /// <summary>Silence after which the stream is half open at best, and ended.</summary>
    private static readonly TimeSpan Dead = HeartbeatInterval * 30;

    /// <summary>How often freshness is looked at.</summary>
    public static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>The node is told of its stream every so many looks.</summary>
    public const int KeepEveryTicks = 10;

    private readonly Channel<Proto.GatewayMessage> _queue = Channel.CreateBounded<Proto.GatewayMessage>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly CancellationTokenSource _closed = new();
    private readonly TimeProvider _time = time;
    private long _lastHeard = time.GetTimestamp();
    private int _handling;
    private volatile bool _isSilenced;
    private volatile string[]? _told;

    public string Node => node;

    public long Session => session;

    public CancellationToken Closed => _closed.Token;

    public Domain.Reason? CloseReason { get; private set; }

    public bool IsFresh => Volatile.Read(ref _handling) > 0 || Silence < Stale;

    /// <summary>Its heartbeats come, and are answered: its agent tells others that it is in contact.</summary>
    public bool IsHeard => !IsSilenced && Silence < Isolation.HeartbeatHolds;

    public bool IsDead => Volatile.Read(ref _handling) == 0 && Silence >= Dead;

    /// <summary>How long the next heartbeat is overdue; zero while it is not.</summary>
    public TimeSpan Overdue => Silence > HeartbeatInterval ? Silence - HeartbeatInterval : TimeSpan.Zero;

    public Relay<Proto.LogChunk> Logs { get; } = new(chunk => chunk.RequestId);

    public Relay<Proto.StoreAnswer> StoreAnswers { get; } = new(answer => answer.RequestId);

    private TimeSpan Silence => _time.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <summary>A message came and is being handled until the result is disposed.</summary>
    public Handling Hear()
    {
        Interlocked.Increment(ref _handling);
        return new Handling(this);
    }

    public Task Send(NodeOrder order)
    {
        TryEnqueue(new() { Command = order.ToProto() });
        return Task.CompletedTask;
    }

    public Task Close(Domain.Reason reason)
    {
        CloseReason ??= reason;
        return _closed.CancelAsync();
    }

    /// <summary>Other nodes that the agent was told to ask; null before it was told any on this stream.</summary>
    public ImmutableArray<string>? Told => _told is { } told ? [.. told] : null;

    /// <summary>
    /// While its node believes that contact is lost, no heartbeat is answered: an answer prolongs the leases of ranks
    /// that the node may be about to give up.
    /// </summary>
    public bool IsSilenced
    {
        get => _isSilenced;
        set => _isSilenced = value;
    }

    /// <summary>A heartbeat came: answers it.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="peers">Whom the agent can ask; null when that is not known.</param>
    public void Beat(ulong number, IEnumerable<Proto.Peer>? peers)
    {
        if (IsSilenced)
        {
            return;
        }

        var answer = new Proto.HeartbeatAnswer
        {
            Number = number,
            NextIntervalMs = (uint)HeartbeatInterval.TotalMilliseconds,
        };
        answer.PeersKnown = peers is not null;
        answer.Peers.AddRange(peers ?? []);
        if (answer.PeersKnown)
        {
            _told = [.. answer.Peers.Select(peer => peer.Node)];
        }

        TryEnqueue(new() { HeartbeatAnswer = answer });
    }

    /// <summary>Queues a message; a full queue ends the stream, and what matters is sent again on the next.</summary>
    public bool TryEnqueue(Proto.GatewayMessage message)
    {
        if (_queue.Writer.TryWrite(message))
        {
            return true;
        }

        _ = Close(new("agent_too_slow", $"Its agent is {QueueLength} messages behind."));
        return false;
    }

    /// <summary>Writes the queue to the stream, the welcome first.</summary>
    public async Task PumpAsync(IServerStreamWriter<Proto.GatewayMessage> outgoing, CancellationToken cancellationToken)
    {
        await outgoing.WriteAsync(
            new()
            {
                Welcome = new()
                {
                    SessionNumber = (ulong)session,
                    HeartbeatIntervalMs = (uint)HeartbeatInterval.TotalMilliseconds,
                },
            },
            cancellationToken);
        await foreach (var message in _queue.Reader.ReadAllAsync(cancellationToken))
        {
            await outgoing.WriteAsync(message, cancellationToken);
        }
    }

    /// <summary>The time in which a message is handled.</summary>
    internal readonly struct Handling(AgentConnection connection) : IDisposable
    {
        public void Dispose()
        {
            Volatile.Write(ref connection._lastHeard, connection._time.GetTimestamp());
            Interlocked.Decrement(ref connection._handling);
        }
    }
}
