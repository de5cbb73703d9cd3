using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orchestrator.Domain;
using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Storage;
using Orchestrator.Grains.Gpus;
using Orchestrator.Grains.Jobs;
using Orchestrator.Grains.Pools;
using Orchestrator.Grains.Silo;

namespace Orchestrator.Grains.Nodes;

/// <summary>Carries the rules of <see cref="NodeContact"/>, <see cref="NodeLeasing"/> and their siblings.</summary>
[GrainType("node")]
internal sealed partial class NodeGrain(
    [PersistentState(RecordKinds.Node, RecordKinds.Provider)] IPersistentState<NodeState> record,
    IChangeFeed feed,
    IFleetContact fleet,
    TimeProvider time,
    ILogger<NodeGrain> logger)
    : RecordGrain<NodeState>(record, RecordKinds.Node, feed), INodeGrain
{
    private INodeConnection? _connection;
    private (string Operation, DateTimeOffset At) _sent;
    private (long Version, DateTimeOffset At) _told;

    private DateTimeOffset Now => time.GetUtcNow();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Remember(NodeContact.Reload(State, Now));
        this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(TickPeriod, TickPeriod) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public async Task<Reason?> Attach(AgentHello hello, INodeConnection connection)
    {
        var decision = NodeContact.Attach(State, hello, Now);
        if (decision.Refusal is null)
        {
            _connection = connection;
            _sent = default;
            await TurnAsync(decision.State);
        }

        return decision.Refusal;
    }

    public async Task KeepConnection(long session, INodeConnection connection)
    {
        if (session == State.SessionNumber)
        {
            _connection = connection;
            await TurnAsync(NodeContact.Keep(State, session, Now));
        }
    }

    public Task LoseContact(long session, Reason reason, TimeSpan overdue, ImmutableArray<string>? peers)
    {
        if (session == State.SessionNumber)
        {
            _connection = null;
        }

        return TurnAsync(NodeContact.KeepPeers(
            NodeContact.Lose(State, session, reason, Now, overdue), peers ?? fleet.SampleFor(State.Name)));
    }

    public Task Observe(long session, NodeEvent seen) => TurnAsync(NodeObservations.Take(State, session, seen));

    public async Task<GrantResult> Grant(string job, TimeSpan duration)
    {
        var decision = NodeLeasing.Grant(State, job, duration, Now);
        await TurnAsync(decision.State);
        return decision.Refusal is { } refusal
            ? new GrantResult(null, refusal)
            : new GrantResult(NodeLeasing.GrantOf(State), null);
    }

    public async Task<OrderResult> Order(NodeOrder order)
    {
        var decision = NodeLeasing.Order(State, order, Now);
        if (decision.Refusal is not null)
        {
            await CheckIsCurrentAsync();
        }

        await TurnAsync(decision.State);
        return new OrderResult(
            decision.Refusal is null ? ReportOrNull(order.LeaseNumber) : null,
            decision.Refusal,
            _sent.Operation == order.OperationId ? _sent.At : null);
    }

    public async Task PassOn(NodeOrder order)
    {
        if (_connection is { } connection && State.Lease is { } lease
            && lease.Number == order.LeaseNumber && lease.Job == order.Job)
        {
            await SendSafelyAsync(() => connection.Send(order));
        }
    }

    public async Task<LeaseReport?> Convict(long leaseNumber, Reason reason, string? incident)
    {
        var convicted = NodeContact.Convict(State, leaseNumber, reason, incident, Now);
        var isNews = !ReferenceEquals(convicted, State);
        await TurnAsync(convicted);
        if (isNews && _connection is { } connection)
        {
            // A host that was given up but can be reached has to attach anew, and tell what is left on it.
            await SendSafelyAsync(() => connection.Close(reason));
            _connection = null;
        }

        return ReportOrNull(leaseNumber);
    }

    public async Task<LeaseReport?> Vouch(long leaseNumber, Reason reason)
    {
        await TurnAsync(NodeContact.Vouch(State, leaseNumber, reason, Now));
        return ReportOrNull(leaseNumber);
    }

    public Task Acknowledge(long leaseNumber, long version)
    {
        // Not worth a write: an unacknowledged report is sent again, and the job drops what it knows.
        Remember(NodeLeasing.Acknowledge(State, leaseNumber, version));
        return Task.CompletedTask;
    }

    public async Task Judge(DeviceVerdict verdict)
    {
        await TurnAsync(NodeFitness.Judge(State, verdict, Now));
        await GrainFactory.GetGrain<IGpuGrain>(verdict.Uuid).Acknowledge(verdict.Number);
    }

    public Task<CordonResult> Drain(string owner, string reason, bool movesJob) =>
        CordonAsync(NodeDrain.Drain(State, owner, reason, movesJob, Now));

    public Task<CordonResult> Resume(string owner, string reason, bool isForced) =>
        CordonAsync(NodeDrain.Resume(State, owner, reason, isForced, Now));

    public Task Wake() => Task.CompletedTask;

    public Task<INodeConnection?> FindConnection() => Task.FromResult(_connection);

    public Task<NodeState> Get() => Task.FromResult(State);

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        // A record that was loaded anew was told of no loss.
        await TurnAsync(NodeContact.KeepPeers(State, fleet.SampleFor(State.Name)));
        var held = NodeContact.Hold(State, fleet.HeardFor(State.Peers), Now);
        if (!ReferenceEquals(held, State))
        {
            if (held.Reason == State.Reason)
            {
                Remember(held);
            }

            await TurnAsync(held);
            return;
        }

        await TurnAsync(NodeContact.Tick(State, Now));
    }

    private async Task<CordonResult> CordonAsync(Decision<NodeState> decision)
    {
        var isChanged = !ReferenceEquals(decision.State, State);
        await TurnAsync(decision.State);
        return new CordonResult(isChanged, decision.Refusal);
    }

    private async Task TurnAsync(NodeState next)
    {
        var before = State;
        await CommitAsync(next);
        if (before.Phase != State.Phase)
        {
            LogTransition(logger, State.Name, before.Phase, State.Phase, State.Reason.Sentence);
        }

        await DeliverAsync();
        await TellAsync();
        if (State.IsAvailable && !before.IsAvailable)
        {
            await GrainFactory.GetGrain<IWarmPoolGrain>(WarmPools.Default).CapacityChanged();
        }
    }

    /// <summary>Down: what the agent has not confirmed.</summary>
    private async Task DeliverAsync()
    {
        if (_connection is not { } connection || NodeDelivery.Due(State) is not { } order)
        {
            return;
        }

        if (_sent.Operation == order.OperationId && Now - _sent.At < RepeatAfter)
        {
            return;
        }

        if (await SendSafelyAsync(() => connection.Send(order)))
        {
            _sent = (order.OperationId, Now);
        }
    }

    /// <summary>Up: what the job has not acknowledged. Nobody waits for it.</summary>
    private async Task TellAsync()
    {
        if (State.Lease is not { HasNews: true } lease)
        {
            return;
        }

        if (_told.Version == lease.NewsVersion && Now - _told.At < RepeatAfter)
        {
            return;
        }

        _told = (lease.NewsVersion, Now);
        await GrainFactory.GetGrain<IJobGrain>(lease.Job).Hear(NodeLeasing.Report(State));
    }

    private LeaseReport? ReportOrNull(long leaseNumber) =>
        State.Lease?.Number == leaseNumber ? NodeLeasing.Report(State) : null;

    private async Task<bool> SendSafelyAsync(Func<Task> send)
    {
        try
        {
            await send();
            return true;
        }
        catch (Exception error)
            when (error is ClientNotAvailableException or SiloUnavailableException or TimeoutException)
        {
            // The order stays and goes out again. Should the stream live after all, its gateway says so in seconds.
            LogSendFailed(logger, State.Name, error.Message);
            _connection = null;
            await CommitAsync(NodeContact.Lose(
                State, State.SessionNumber, new Reason("stream_unreachable", "Its stream cannot be reached."), Now));
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node}: {From} -> {To}: {Reason}")]
    private static partial void LogTransition(
        ILogger logger, string node, NodePhase from, NodePhase to, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node}: its stream cannot be reached: {Error}")]
    private static partial void LogSendFailed(ILogger logger, string node, string error);
}
