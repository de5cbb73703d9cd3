using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Recovery;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>A job's grain: the same calls in the same order, without a runtime.</summary>
internal sealed class VirtualJob(string id, VirtualFleet fleet)
{
    private const int RoundsPerTurn = 16;
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(2);
    private readonly Dictionary<string, (string Operation, DateTimeOffset At)> _sent = [];
    private DateTimeOffset _askedAt;
    private (int Attempt, JobProgress Told)? _progress;
    private bool _isNudged;

    public string Id => id;

    public JobState State { get; private set; } = new();

    private DateTimeOffset Now => fleet.Clock.Now;

    private bool HasWork => State.Spec is not null && (!State.Phase.IsEnded() || !State.ToRelease.IsEmpty);

    /// <summary>Heartbeats told of a step.</summary>
    public void SeeStep(int attempt, long step)
    {
        var before = _progress is { } known && known.Attempt == attempt ? known.Told : null;
        _progress = (attempt, new JobProgress(step, Now, 0)
        {
            UsualStep = before is null || before.Step == step
                ? before?.UsualStep
                : (Now - before.FinishedAt) / (step - before.Step),
            IsTraining = true,
        });
    }

    public void Submit(JobSpec spec) => Turn(JobRequests.Submit(State, id, spec, Now).State);

    public void Cancel()
    {
        if (State.Spec is null)
        {
            return;
        }

        var decision = JobRequests.Cancel(State, Now);
        Turn(decision.State);
        if (decision.Refusal is null)
        {
            fleet.Pool.Leave(id);
        }
    }

    public void Hear(LeaseReport report)
    {
        Turn(JobReports.Take(State, report, Now));
        fleet.Node(report.Node).Acknowledge(report.LeaseNumber, report.Version);
    }

    public void Nudge()
    {
        _isNudged = true;
        Turn(State);
    }

    public void Tick()
    {
        if (!HasWork)
        {
            return;
        }

        LookAtProgress();
        Turn(JobReports.Tick(State, Now));
    }

    /// <summary>Its silo ended: what was not stored is forgotten.</summary>
    public void Reload()
    {
        _sent.Clear();
        _askedAt = default;
        _isNudged = false;
        _progress = null;
        State = JobReports.Reload(State, Now);
    }

    private void Turn(JobState next)
    {
        Store(next);
        for (var round = 0; round < RoundsPerTurn && HasWork; round++)
        {
            var before = State;
            Convict();
            Order();
            Acquire();
            Release();
            if (ReferenceEquals(before, State))
            {
                break;
            }
        }
    }

    private void Store(JobState next)
    {
        var before = State;
        State = next;
        fleet.Watch.Job(before, next);
    }

    private void Convict()
    {
        foreach (var (member, reason) in JobOrders.Convictions(State).ToArray())
        {
            Convict(member, reason);
        }
    }

    private void Convict(GangMember member, Reason reason)
    {
        var report = fleet.Node(member.Node).Convict(member.LeaseNumber, reason, State.OpenIncident?.Id);
        Store(report is null
            ? JobReports.LoseLease(State, member.Node, member.LeaseNumber, reason, Now)
            : JobReports.Take(State, report, Now));
    }

    private void Order()
    {
        var due = JobOrders.Due(State).Where(entry => IsDue(entry.Node, entry.Order.OperationId)).ToArray();
        if (due.Length == 0)
        {
            return;
        }

        var isFirst = due.Any(entry => _sent.GetValueOrDefault(entry.Node).Operation != entry.Order.OperationId);
        foreach (var (node, order) in due)
        {
            _sent[node] = (order.OperationId, Now);
        }

        var results = due.Select(entry => fleet.Node(entry.Node).Order(entry.Order)).ToArray();
        var next = isFirst ? JobReports.NoteSent(State, [.. due.Select(entry => entry.Order)], Now) : State;
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

        Store(next);
    }

    private void Acquire()
    {
        var needed = JobPlacement.Needed(State);
        if (needed == 0 || (!_isNudged && Now - _askedAt < RepeatAfter))
        {
            return;
        }

        _isNudged = false;
        _askedAt = Now;
        var (grants, wait) = fleet.Pool.Acquire(State, needed);
        if (fleet.Pool.LosesNextAnswer && wait is null)
        {
            fleet.Pool.LosesNextAnswer = false;
            return;
        }

        Store(wait is not null ? JobPlacement.Waiting(State, wait, Now) : JobPlacement.Granted(State, grants, Now));
        if (JobPlacement.Needed(State) != needed)
        {
            _askedAt = default;
        }

        if (JobPlacement.Needed(State) == 0)
        {
            fleet.Pool.Leave(id);
        }
    }

    private void Release()
    {
        foreach (var (lease, order) in JobOrders.Releases(State).ToArray())
        {
            fleet.Node(lease.Node).Order(order);
            Store(JobPlacement.Released(State, lease));
        }
    }

    private void LookAtProgress()
    {
        if (State.Phase != JobPhase.Running || _progress is not { } seen || seen.Attempt != State.Attempt
            || !State.Gang.Any(member => member.IsSilent))
        {
            return;
        }

        var progress = seen.Told with { HeardAt = HeardAt() };
        Store(JobReports.SeeStep(State, progress.Step, progress.FinishedAt));
        foreach (var (member, reason) in JobOrders.Vouches(State, progress.Step).ToArray())
        {
            if (fleet.Node(member.Node).Vouch(member.LeaseNumber, reason) is { } report)
            {
                Store(JobReports.Take(State, report, Now));
            }
        }

        foreach (var (member, reason) in Standstill.Convicted(State, progress).ToArray())
        {
            Convict(member, reason);
        }
    }

    /// <summary>Heartbeats of hosts that can talk carry their ranks' steps, new or not.</summary>
    private DateTimeOffset HeardAt() => fleet.Hosts.Any(host => host is { CanTalk: true, Stream.IsOpen: true }
        && host.Running.Any(rank => rank.Job == id && rank.Attempt == State.Attempt))
        ? Now
        : DateTimeOffset.MinValue;

    private bool IsDue(string node, string operation) =>
        !_sent.TryGetValue(node, out var sent) || sent.Operation != operation || Now - sent.At >= RepeatAfter;
}
