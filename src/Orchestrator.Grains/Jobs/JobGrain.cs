using Microsoft.Extensions.Logging;
using Orchestrator.Domain;
using Orchestrator.Domain.Accounts;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Recovery;
using Orchestrator.Domain.Storage;
using Orchestrator.Grains.Incidents;
using Orchestrator.Grains.Nodes;
using Orchestrator.Grains.Pools;
using Orchestrator.Grains.Silo;

namespace Orchestrator.Grains.Jobs;

/// <summary>Carries the rules of <see cref="JobEvaluation"/> and its siblings.</summary>
/// <remarks>
/// A turn decides, stores, and then performs what the record says is due. What it performs may bring answers, which
/// are decided and stored in the same way, until nothing is due any more.
/// </remarks>
[GrainType("job")]
internal sealed partial class JobGrain(
    [PersistentState(RecordKinds.Job, RecordKinds.Provider)] IPersistentState<JobState> record,
    IProgressBoard board,
    IChangeFeed feed,
    TimeProvider time,
    ILogger<JobGrain> logger)
    : RecordGrain<JobState>(record, RecordKinds.Job, feed), IJobGrain
{
    /// <summary>Rounds of decide, store, perform in one turn; each takes a step of a finite life cycle.</summary>
    private const int RoundsPerTurn = 16;

    /// <summary>
    /// What is to reach the store, and when to save, is said again, for agents that did not hear it, or forgot.
    /// </summary>
    private static readonly TimeSpan RetainAgainAfter = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (string Operation, DateTimeOffset At)> _sent = [];
    private readonly Dictionary<string, Incident> _kept = [];
    private DateTimeOffset _askedAt;
    private DateTimeOffset _retainedAt;
    private bool _isNudged;
    private IGrainTimer? _timer;

    private DateTimeOffset Now => time.GetUtcNow();

    private IWarmPoolGrain Pool => GrainFactory.GetGrain<IWarmPoolGrain>(WarmPools.Default);

    private bool HasWork => State.Spec is not null && (!State.Phase.IsEnded() || !State.ToRelease.IsEmpty);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Remember(JobReports.Reload(State, Now));
        KeepTimer();
        return Task.CompletedTask;
    }

    public async Task<Reason?> Submit(JobSpec spec)
    {
        var decision = JobRequests.Submit(State, this.GetPrimaryKeyString(), spec, Now);
        await TurnAsync(decision.State);
        return decision.Refusal;
    }

    public async Task<CancelResult> Cancel()
    {
        if (State.Spec is null)
        {
            return new CancelResult(State.Phase, new Reason("no_such_job", $"No job {this.GetPrimaryKeyString()}."));
        }

        var decision = JobRequests.Cancel(State, Now);
        await TurnAsync(decision.State);
        if (decision.Refusal is null)
        {
            await Pool.Leave(State.Id);
        }

        return new CancelResult(State.Phase, decision.Refusal);
    }

    public async Task<RewindResult> ResumeFrom(RewindRequest request)
    {
        var (before, decision) = (State, JobRequests.ResumeFrom(State, request, Now));
        await TurnAsync(decision.State);
        return new RewindResult(State.Phase, !ReferenceEquals(before, decision.State), decision.Refusal);
    }

    public async Task<PruneResult> Prune(int keep)
    {
        var (before, decision) = (State.Checkpoints.Committed, JobRequests.Prune(State, keep));
        var after = decision.State.Checkpoints.Committed;
        await TurnAsync(decision.State);
        return new PruneResult(
            [.. before.Except(after).Select(manifest => manifest.Step)],
            [.. after.Select(manifest => manifest.Step)],
            decision.Refusal);
    }

    public async Task Hear(LeaseReport report)
    {
        await TurnAsync(JobReports.Take(State, report, Now));
        await Node(report.Node).Acknowledge(report.LeaseNumber, report.Version);
    }

    public async Task Nudge()
    {
        if (JobPlacement.Needed(State) == 0)
        {
            // Its place in the queue outlived its need, and everybody behind it waits.
            await Pool.Leave(this.GetPrimaryKeyString());
            return;
        }

        _isNudged = true;
        await TurnAsync(State);
    }

    public Task Wake()
    {
        KeepTimer();
        // Whoever has work tells its incidents in its turns.
        return HasWork ? Task.CompletedTask : KeepIncidentsAsync();
    }

    public Task<JobState> Get() => Task.FromResult(State);

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        await LookAtProgressAsync();
        await PlanSavesAsync();
        await RepeatRetentionsAsync();
        await TurnAsync(JobReports.Tick(State, Now));
    }

    private async Task TurnAsync(JobState next)
    {
        try
        {
            await StoreAsync(next);
            for (var round = 0; round < RoundsPerTurn && HasWork; round++)
            {
                var before = State;
                // Orders first: every millisecond of a stop or a launch is idle time of the whole gang.
                await OrderAsync();
                await ConvictAsync();
                await AcquireAsync();
                if (ReferenceEquals(before, State))
                {
                    break;
                }
            }

            await KeepIncidentsAsync();
            await ReleaseAsync();
        }
        finally
        {
            KeepTimer();
        }
    }

    private async Task StoreAsync(JobState next)
    {
        var before = State;
        await CommitAsync(JobAccounts.Post(before, next, Now));
        if (before.Phase != State.Phase || before.Attempt != State.Attempt)
        {
            LogTransition(logger, State.Id, before.Phase, State.Phase, State.Attempt, State.Reason.Sentence);
        }

        await PassOnAsync(JobOrders.Retentions(before, State));
    }

    /// <summary>
    /// Orders that are not stored on their way: nobody waits for them, and the next one says it again.
    /// </summary>
    private async Task PassOnAsync(IEnumerable<(string Node, NodeOrder Order)> orders)
    {
        foreach (var (node, order) in orders.ToArray())
        {
            await Node(node).PassOn(order);
        }
    }

    private async Task RepeatRetentionsAsync()
    {
        // Without its plan a host's ranks do not save with the others, and without a save nothing else tells it again.
        var isPlanned = State is { Phase: JobPhase.Running, SavePlan: not null };
        if ((State.Checkpoints.Upload is not null || isPlanned) && Now - _retainedAt >= RetainAgainAfter)
        {
            _retainedAt = Now;
            await PassOnAsync(JobOrders.Retentions(State));
        }
    }

    private async Task KeepIncidentsAsync()
    {
        foreach (var incident in State.Incidents.Where(incident => _kept.GetValueOrDefault(incident.Id) != incident))
        {
            await GrainFactory.GetGrain<IIncidentGrain>(incident.Id).Keep(incident);
            _kept[incident.Id] = incident;
        }
    }

    private async Task ConvictAsync()
    {
        foreach (var (member, reason) in JobOrders.Convictions(State).ToArray())
        {
            await ConvictAsync(member, reason);
        }
    }

    private async Task ConvictAsync(GangMember member, Reason reason)
    {
        var report = await Node(member.Node).Convict(member.LeaseNumber, reason, State.OpenIncident?.Id);
        await StoreAsync(report is null
            ? JobReports.LoseLease(State, member.Node, member.LeaseNumber, reason, Now)
            : JobReports.Take(State, report, Now));
    }

    private async Task OrderAsync()
    {
        var due = JobOrders.Due(State).Where(entry => IsDue(entry.Node, entry.Order.OperationId)).ToArray();
        if (due.Length == 0)
        {
            return;
        }

        var now = Now;
        foreach (var (node, order) in due)
        {
            _sent[node] = (order.OperationId, now);
        }

        var results = await Task.WhenAll(due.Select(entry => OrderAsync(entry.Node, entry.Order)));
        var next = results.Max(result => result?.SentAt) is { } sentAt
            ? JobReports.NoteSent(State, [.. due.Select(entry => entry.Order)], sentAt)
            : State;
        foreach (var (entry, result) in due.Zip(results))
        {
            next = result switch
            {
                { Report: { } report } => JobReports.Take(next, report, Now),
                { Refusal: { } refusal } => JobReports.LoseLease(
                    next, entry.Node, entry.Order.LeaseNumber, refusal, Now),
                _ => next,
            };
        }

        await StoreAsync(next);
    }

    private async Task AcquireAsync()
    {
        var needed = JobPlacement.Needed(State);
        if (needed == 0 || (!_isNudged && Now - _askedAt < RepeatAfter))
        {
            return;
        }

        _isNudged = false;
        _askedAt = Now;
        var result = await Pool.Acquire(new AcquireRequest(
            State.Id,
            needed,
            IsReplacement: State.Phase != JobPhase.Queued,
            State.SubmittedAt,
            State.Spec!.Lease,
            IsRelocation: State.Phase == JobPhase.Running));
        await StoreAsync(result.Wait is { } wait
            ? JobPlacement.Waiting(State, wait, Now)
            : JobPlacement.Granted(State, result.Grants, Now));
        var isOver = JobPlacement.Needed(State) == 0;
        if (isOver || JobPlacement.Needed(State) != needed)
        {
            // The next request is another one, and must not wait for this one's pause.
            _askedAt = default;
        }

        if (isOver && result.Wait is not null)
        {
            await Pool.Leave(State.Id);
        }
    }

    private async Task ReleaseAsync()
    {
        foreach (var (lease, order) in JobOrders.Releases(State, Now).ToArray())
        {
            // Taken or refused because it is over: either way the node answers for the rest.
            if (IsDue(lease.Node, order.OperationId) && await OrderAsync(lease.Node, order) is not null)
            {
                await StoreAsync(JobPlacement.Released(State, lease));
            }
        }
    }

    /// <summary>Gives an order; one node that does not answer must not hold up what the others said.</summary>
    private async Task<OrderResult?> OrderAsync(string node, NodeOrder order)
    {
        try
        {
            return await Node(node).Order(order);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogNoAnswer(logger, error, State.Id, node, order.OperationId);
            _sent[node] = (order.OperationId, Now);
            return null;
        }
    }

    private async Task LookAtProgressAsync()
    {
        if (State.Phase != JobPhase.Running || !State.Gang.Any(member => member.IsSilent)
            || board.Find(State.Id, State.Attempt) is not { } progress)
        {
            return;
        }

        await StoreAsync(JobReports.SeeStep(State, progress.Step, progress.FinishedAt));
        foreach (var (member, reason) in JobOrders.Vouches(State, progress.Step).ToArray())
        {
            if (await Node(member.Node).Vouch(member.LeaseNumber, reason) is { } report)
            {
                await StoreAsync(JobReports.Take(State, report, Now));
            }
        }

        // All at once: the first conviction pauses the job, and a second host that froze with it would cost its lease.
        foreach (var (member, reason) in Standstill.Convicted(State, progress).ToArray())
        {
            await ConvictAsync(member, reason);
        }
    }

    private async Task PlanSavesAsync()
    {
        if (State is { Phase: JobPhase.Running, Spec.HasAutoInterval: true })
        {
            await StoreAsync(SavePlanning.Replan(State, board.Find(State.Id, State.Attempt), Now));
        }
    }

    private bool IsDue(string node, string operation) =>
        !_sent.TryGetValue(node, out var sent) || sent.Operation != operation || Now - sent.At >= RepeatAfter;

    private void KeepTimer()
    {
        if (HasWork)
        {
            _timer ??= this.RegisterGrainTimer(
                TickAsync, new GrainTimerCreationOptions(TickPeriod, TickPeriod) { KeepAlive = true });
        }
        else
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    private INodeGrain Node(string name) => GrainFactory.GetGrain<INodeGrain>(name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Job}: {Node} did not answer {Operation}; it is asked again")]
    private static partial void LogNoAnswer(ILogger logger, Exception error, string job, string node, string operation);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job}: {From} -> {To} (attempt {Attempt}): {Reason}")]
    private static partial void LogTransition(
        ILogger logger, string job, JobPhase from, JobPhase to, int attempt, string reason);
}
