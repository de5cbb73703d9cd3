using Orchestrator.Domain;
using Orchestrator.Domain.Accounts;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Simulation.Checkers;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Grains;

/// <summary>A job's grain in memory: the calls of the real one in the same order, without a runtime.</summary>
internal sealed partial class JobActivation : Activation<JobState>
{
    private const int RoundsPerTurn = 16;
    private static readonly TimeSpan ProgressLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SaveLook = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Repetition> _sent = [];
    private readonly Dictionary<string, Incident> _kept = [];
    private Repetition _asked;
    private bool _isNudged;
    private TimeSpan? _repeatIn = TimeSpan.Zero;
    private DateTimeOffset _retainedAt;
    private JobCall _call;

    public JobActivation(VirtualWorld world, string id)
        : base(world, id, world.Jobs, new JobState()) => Remember(JobReports.Reload(State, Now));

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

    public Reason? ResumeFrom(RewindRequest request)
    {
        var decision = JobRequests.ResumeFrom(State, request, Now);
        Turn(JobCall.Rewind, decision.State);
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
            PerformThenCommit(JobAccounts.Post(State, next, Now), Order);
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
            // One that pays only for what its nodes tell it forgets that waiting costs time, too.
            var isForgotten = World.Bug == PlantedBug.ForgetToPost && call == JobCall.Granted;
            Commit(isForgotten ? next : JobAccounts.Post(before, next, Now));
        }
        catch (StorageFailedException failed) when (World.Bug == PlantedBug.CountCauseTwice
            && failed.Outcome == WriteOutcome.AnswerLost && next.IncidentCount > before.IncidentCount)
        {
            JudgeAgain(before.Phase);
            throw;
        }

        foreach (var (node, order) in JobOrders.Retentions(before, State))
        {
            World.Node(node).Call(target => target.PassOn(order));
        }
    }

    /// <summary>Reads the record anew, but trusts its own memory of the state: what no grain may do.</summary>
    private void JudgeAgain(JobPhase remembered)
    {
        var (stored, version) = World.Jobs.Read(Key);
        var again = JobAccounts.Post(stored!, JobEvaluation.Evaluate(stored! with { Phase = remembered }, Now), Now);
        if (World.Jobs.Write(Key, again, version) == WriteOutcome.Written)
        {
            Stored(stored!, again);
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
