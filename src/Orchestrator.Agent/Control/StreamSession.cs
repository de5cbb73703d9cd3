using Grpc.Core;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Commands;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Logs;
using Orchestrator.Agent.Peers;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Control;

/// <summary>One open stream: a loop that reads, and one that writes what is most urgent first.</summary>
internal sealed class StreamSession(
    AsyncDuplexStreamingCall<AgentMessage, GatewayMessage> call,
    StreamParts parts,
    ulong sessionNumber,
    ILogger log)
{
    private const string StaleSession = "stale_session";
    private readonly LogQueue _logs = new(parts.Work);
    private readonly AnswerQueue _answers = new(parts.Work);
    private readonly HeartbeatTimer _heartbeats = new(parts.Time);

    /// <summary>True once the control plane has welcomed the agent.</summary>
    public bool WasWelcomed { get; private set; }

    /// <summary>True when the control plane knows a newer session of this node.</summary>
    public bool WasStale { get; private set; }

    /// <summary>Runs until the stream breaks or is refused.</summary>
    /// <exception cref="RpcException">The stream broke.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var opened = BootClock.Now;
        var hello = parts.Hello.Build(sessionNumber);
        await call.RequestStream.WriteAsync(new AgentMessage { Hello = hello }, ending.Token);
        if (!await ReadWelcomeAsync(opened, ending.Token))
            return;
        await using var readers = new LogReaders(parts.LogSource, _logs, ending.Token);
        await using var questions = new StoreQuestions(parts.Stores, _answers, ending.Token);
        var loops = new[] { ReadAsync(readers, questions, ending.Token), WriteAsync(ending.Token) };
        var first = await Task.WhenAny(loops);
        await ending.CancelAsync();
        // Both loops must be over before the call is disposed; the first one to end says why.
        await Task.WhenAll(loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task<bool> ReadWelcomeAsync(TimeSpan opened, CancellationToken cancellationToken)
    {
        if (!await call.ResponseStream.MoveNext(cancellationToken))
            return false;
        var message = call.ResponseStream.Current;
        if (message.Welcome is { } welcome)
        {
            WasWelcomed = true;
            parts.Contact.Hear(opened);
            _heartbeats.SetInterval(welcome.HeartbeatIntervalMs);
            log.LogInformation("Attached as session {Session}", welcome.SessionNumber);
            return true;
        }

        WasStale = message.Rejected?.Reason?.Code == StaleSession;
        log.LogWarning(
            "The control plane rejected this agent: {Sentence}",
            message.Rejected?.Reason?.Sentence ?? $"its first message was {message.BodyCase} instead of a welcome");
        return false;
    }

    private async Task ReadAsync(LogReaders readers, StoreQuestions questions, CancellationToken cancellationToken)
    {
        await foreach (var message in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            switch (message.BodyCase)
            {
                case GatewayMessage.BodyOneofCase.HeartbeatAnswer:
                    parts.Contact.Hear(_heartbeats.SentAt(message.HeartbeatAnswer.Number));
                    if (message.HeartbeatAnswer.PeersKnown)
                        parts.Peers.Take(message.HeartbeatAnswer.Peers);
                    _heartbeats.SetInterval(message.HeartbeatAnswer.NextIntervalMs);
                    break;
                case GatewayMessage.BodyOneofCase.EventsAcknowledged:
                    parts.Outbox.Acknowledge(message.EventsAcknowledged);
                    break;
                case GatewayMessage.BodyOneofCase.Command:
                    parts.Commands.Accept(message.Command);
                    break;
                case GatewayMessage.BodyOneofCase.ReadLog:
                    readers.Start(message.ReadLog);
                    break;
                case GatewayMessage.BodyOneofCase.CancelLog:
                    readers.Cancel(message.CancelLog);
                    break;
                case GatewayMessage.BodyOneofCase.StoreRequest:
                    questions.Start(message.StoreRequest);
                    break;
                case GatewayMessage.BodyOneofCase.CancelStoreRequest:
                    questions.Cancel(message.CancelStoreRequest);
                    break;
                case GatewayMessage.BodyOneofCase.Rejected:
                    log.LogWarning("The control plane dropped this agent: {Reason}", message.Rejected.Reason?.Sentence);
                    return;
                default:
                    log.LogWarning("A {Message} message was not expected and is ignored", message.BodyCase);
                    break;
            }
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        ulong lastSent = 0;
        while (!parts.Outbox.TakeOverflow())
        {
            if (parts.Outbox.Next(lastSent) is { } news)
            {
                await call.RequestStream.WriteAsync(new AgentMessage { Event = news }, cancellationToken);
                lastSent = news.EventId;
            }
            else if (_heartbeats.TakeDue() is { } number)
            {
                var heartbeat = parts.Hello.Heartbeat(number);
                await call.RequestStream.WriteAsync(new AgentMessage { Heartbeat = heartbeat }, cancellationToken);
            }
            else if (_answers.TryTake() is { } answer)
            {
                await call.RequestStream.WriteAsync(new AgentMessage { StoreAnswer = answer }, cancellationToken);
            }
            else if (_logs.TryTake() is { } chunk)
            {
                await call.RequestStream.WriteAsync(new AgentMessage { Log = chunk }, cancellationToken);
            }
            else
            {
                await parts.Work.WaitAsync(_heartbeats.UntilDue, parts.Time, cancellationToken);
            }
        }

        log.LogWarning("More than {Limit} events wait; opening a new stream to tell all", AgentLimits.OutboxEvents);
    }
}

/// <summary>What every stream works with.</summary>
internal sealed record StreamParts(
    HelloBuilder Hello,
    Outbox Outbox,
    CommandDesk Commands,
    LogSource LogSource,
    StoreDesk Stores,
    AsyncSignal Work,
    Contact Contact,
    PeerBook Peers,
    TimeProvider Time);
