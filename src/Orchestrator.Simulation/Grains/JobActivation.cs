using Orchestrator.Domain;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Recovery;
using Orchestrator.Simulation.Checkers;
using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Grains;

/// <summary>A job's grain in memory: the calls of the real one in the same order, without a runtime.</summary>
internal sealed class JobActivation : Activation<JobState>
{
    private const int RoundsPerTurn = 16;
    private static readonly TimeSpan ProgressLook = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Repetition> _sent = [];
    private readonly Dictionary<string, Incident> _kept = [];
    private Repetition _asked;
    private bool _isNudged;
    private TimeSpan? _repeatIn = TimeSpan.Zero;
    private JobCall _call;

    public JobActivation(VirtualWorld world, string id)
        : base(world, id, world.Jobs, new JobState())
    {
        Remember(JobReports.Reload(State, Now));
        if (world.HalfRead.Remove(id, out var phase))
        {
            Remember(State with { Phase = phase });
        }
    }

    public override TimeSpan? NextLook
    {
        get
        {
            if (!HasWork)
            {
                return null;
            }

            var look = Earlier(State.Deadline - Now, _repeatIn);
            look = JobPlacement.Needed(State) > 0 ? Earlier(look, _asked.Pause(AskedSubject, Now)) : look;
            if (State is not { Phase: JobPhase.Running } running)
            {
                return look;
            }

            look = running.Gang.Any(member => member.IsSilent) ? Earlier(look, ProgressLook) : look;
            return running.OpenIncident?.When(TimelineEvents.RanksStarted) is { } started
                ? Earlier(look, started + Timings.Unconfirmed - Now)
                : look;
        }
    }

    private bool HasWork => State.Spec is not null && (!State.Phase.IsEnded() || !State.ToRelease.IsEmpty);

    private string AskedSubject => State.Phase switch
    {
        JobPhase.Queued => "new",
        JobPhase.Running => "relocation",
        _ => "replacement",
    };

    public Reason? Submit(JobSpec spec)
    {
        var decision = JobRequests.Submit(State, Key, spec, Now);
        Turn(JobCall.Submit, decision.State);
        return Noted(decision.Refusal);
    }

    public Reason? Cancel()
    {
        if (State.Spec is null)
        {
            return null;
        }

        var decision = JobRequests.Cancel(State, Now);
        Turn(JobCall.Cancel, decision.State);
        if (decision.Refusal is null)
        {
            World.Pool.Call(pool => pool.Leave(Key));
        }

        return Noted(decision.Refusal);
    }

    public void Hear(LeaseReport report)
    {
        Turn(JobCall.Hear, JobReports.Take(State, report, Now));
        World.Node(report.Node).Call(node => node.Acknowledge(report.LeaseNumber, report.Version));
    }

    public void Nudge()
    {
        if (JobPlacement.Needed(State) == 0)
        {
            World.Pool.Call(pool => pool.Leave(Key));
            return;
        }

        _isNudged = true;
        Turn(JobCall.Tick, State);
    }

    public override void Tick()
    {
        LookAtProgress();
        Turn(JobCall.Tick, JobReports.Tick(State, Now));
    }

    public override void Wake()
    {
        if (!HasWork)
        {
            KeepIncidents();
        }
    }

    protected override void Stored(JobState before, JobState after) =>
        World.Watch.JobStored(new JobChange(Key, _call, before, after));

    private void Turn(JobCall call, JobState next)
    {
        if (World.Bug == PlantedBug.ActBeforeWrite && !ReferenceEquals(next, State))
        {
            _call = call;
            PerformThenCommit(next, Order);
        }

        Store(call, next);
        for (var round = 0; round < RoundsPerTurn && HasWork; round++)
        {
            var before = State;
            Order();
            Convict();
            Acquire();
            if (ReferenceEquals(before, State))
            {
                break;
            }
        }

        KeepIncidents();
        Release();
    }

    private void Store(JobCall call, JobState next)
    {
        var before = State;
        _call = call;
        try
        {
            Commit(next);
        }
        catch (StorageFailedException failed) when (World.Bug == PlantedBug.CountCauseTwice
            && failed.Outcome == WriteOutcome.AnswerLost && next.IncidentCount > before.IncidentCount)
        {
            World.HalfRead[Key] = before.Phase;
            throw;
        }

        if (JobOrders.Retention(before, State) is { } retention)
        {
            World.Node(retention.Node).Call(node => node.PassOn(retention.Order));
        }
    }

    private void KeepIncidents()
    {
        foreach (var incident in State.Incidents)
        {
            if (!_kept.TryGetValue(incident.Id, out var kept) || !ReferenceEquals(kept, incident))
            {
                World.Incidents.Keep(incident);
                _kept[incident.Id] = incident;
            }
        }
    }

    private void Convict()
    {
        if (State.Phase is not (JobPhase.Pausing or JobPhase.Stopping))
        {
            return;
        }

        foreach (var (member, reason) in JobOrders.Convictions(State).ToArray())
        {
            Convict(member, reason);
        }
    }

    private void Convict(GangMember member, Reason reason)
    {
        var report = World.Node(member.Node).Call(
            node => node.Convict(member.LeaseNumber, reason, State.OpenIncident?.Id));
        Store(JobCall.Hear, report is null
            ? JobReports.LoseLease(State, member.Node, member.LeaseNumber, reason, Now)
            : JobReports.Take(State, report, Now));
    }

    private void Order()
    {
        var wanted = JobOrders.Due(State).ToArray();
        var due = wanted.Where(entry => IsDue(entry.Node, entry.Order.OperationId)).ToArray();
        foreach (var (node, order) in due)
        {
            _sent[node] = _sent.GetValueOrDefault(node).Send(order.OperationId, Now);
        }

        _repeatIn = Pause(wanted.Select(entry => (entry.Node, entry.Order.OperationId)));
        if (due.Length == 0)
        {
            return;
        }

        var orders = due.Select(entry => entry.Order).ToArray();
        var results = due.Select(entry => Order(entry.Node, entry.Order)).ToArray();
        var next = results.Max(result => result?.SentAt) is { } sentAt
            ? JobReports.NoteSent(State, orders, sentAt)
            : State;
        for (var index = 0; index < due.Length; index++)
        {
            next = results[index] switch
            {
                { Report: { } report } => JobReports.Take(next, report, Now),
                { Refusal: { } refusal } => JobReports.LoseLease(
                    next, due[index].Node, orders[index].LeaseNumber, refusal, Now),
                _ => next,
            };
        }

        Store(JobCall.Sent, next);
    }

    private (LeaseReport? Report, Reason? Refusal, DateTimeOffset? SentAt)? Order(string node, NodeOrder order)
    {
        try
        {
            World.Watch.OrderGiven(node, order);
            return World.Node(node).Call(grain => grain.Order(order));
        }
        catch (Exception error) when (error is CallFailedException or StorageFailedException)
        {
            // One node that does not answer must not hold up what the others said.
            World.Note(error.Message);
            return null;
        }
    }

    private void Acquire()
    {
        var needed = JobPlacement.Needed(State);
        if (needed == 0 || (!_isNudged && !_asked.IsDue(AskedSubject, Now)))
        {
            return;
        }

        _isNudged = false;
        _asked = _asked.Send(AskedSubject, Now);
        var request = new NodeRequest(Key, needed, State.SubmittedAt, State.Spec!.Lease)
        {
            IsReplacement = State.Phase != JobPhase.Queued,
            IsRelocation = State.Phase == JobPhase.Running,
        };
        var (grants, wait) = World.Pool.Call(pool => pool.Acquire(request));
        if (!grants.IsEmpty && World.Armed.Strikes(FaultKind.LoseGrants))
        {
            World.Job(Key).Hang(World.Chance.Between(60, 2400));
            throw new CallFailedException("pool", "its answer got lost");
        }

        if (wait is not null)
        {
            Store(JobCall.Waiting, JobPlacement.Waiting(State, wait, Now));
        }
        else
        {
            Store(JobCall.Granted, JobPlacement.Granted(State, grants, Now));
        }

        var left = JobPlacement.Needed(State);
        _asked = left == needed ? _asked : default;
        if (left == 0 && wait is not null)
        {
            World.Pool.Call(pool => pool.Leave(Key));
        }
    }

    private void Release()
    {
        if (State.ToRelease.IsEmpty)
        {
            return;
        }

        var wanted = JobOrders.Releases(State).ToArray();
        foreach (var (lease, order) in wanted)
        {
            if (!IsDue(lease.Node, order.OperationId))
            {
                continue;
            }

            _sent[lease.Node] = _sent.GetValueOrDefault(lease.Node).Send(order.OperationId, Now);
            if (Order(lease.Node, order) is not null)
            {
                Store(JobCall.Released, JobPlacement.Released(State, lease));
            }
        }

        _repeatIn = Earlier(_repeatIn, Pause(JobOrders.Releases(State)
            .Select(entry => (entry.Lease.Node, entry.Order.OperationId))));
    }

    private void LookAtProgress()
    {
        if (State.Phase != JobPhase.Running || !State.Gang.Any(member => member.IsSilent)
            || World.Progress(State.Id, State.Attempt) is not { } progress)
        {
            return;
        }

        Store(JobCall.Progress, JobReports.SeeStep(State, progress.Step, progress.FinishedAt));
        foreach (var (member, reason) in JobOrders.Vouches(State, progress.Step).ToArray())
        {
            World.Coverage.Saw(reason);
            if (World.Node(member.Node).Call(node => node.Vouch(member.LeaseNumber, reason)) is { } report)
            {
                Store(JobCall.Hear, JobReports.Take(State, report, Now));
            }
        }

        foreach (var (member, reason) in Standstill.Convicted(State, progress).ToArray())
        {
            Convict(member, reason);
        }
    }

    private bool IsDue(string node, string operation) =>
        !_sent.TryGetValue(node, out var sent) || sent.IsDue(operation, Now);

    private TimeSpan? Pause(IEnumerable<(string Node, string Operation)> wanted)
    {
        TimeSpan? pause = null;
        foreach (var (node, operation) in wanted)
        {
            pause = Earlier(pause, _sent.GetValueOrDefault(node).Pause(operation, Now));
        }

        return pause;
    }

    private Reason? Noted(Reason? refusal)
    {
        if (refusal is not null)
        {
            World.Coverage.Refused(refusal);
        }

        return refusal;
    }

    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) =>
        one is null || other < one ? other ?? one : one;
}
