using Orchestrator.Domain;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Recovery;
using Orchestrator.Simulation.Faults;

namespace Orchestrator.Simulation.Grains;

/// <summary>What a job performs when its stored record says that it is due.</summary>
internal sealed partial class JobActivation
{
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

        if (JobCheckpoints.IsSaving(State, Now))
        {
            RepeatRetentions();
            _repeatIn = Earlier(_repeatIn, SaveLook);
            return;
        }

        var wanted = JobOrders.Releases(State, Now).ToArray();
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

        _repeatIn = Earlier(_repeatIn, Pause(JobOrders.Releases(State, Now)
            .Select(entry => (entry.Lease.Node, entry.Order.OperationId))));
    }

    /// <summary>Said again while it lasts: agents forget what they were asked for when they start anew.</summary>
    private void RepeatRetentions()
    {
        if (Now - _retainedAt < SaveLook)
        {
            return;
        }

        _retainedAt = Now;
        foreach (var (node, order) in JobOrders.Retentions(State))
        {
            World.Node(node).Call(target => target.PassOn(order));
        }
    }

    private void LookAtProgress()
    {
        if (State.Phase != JobPhase.Running || !State.Gang.Any(member => member.IsSilent)
            || World.Progress(State.Id, State.Attempt) is not { } progress)
        {
            return;
        }

        Store(JobCall.Progress, JobReports.SeeStep(State, progress.Step, progress.FinishedAt));
        var vouches = World.Bug == PlantedBug.VouchBlindly ? VouchBlindly() : JobOrders.Vouches(State, progress.Step);
        foreach (var (member, reason) in vouches.ToArray())
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

    /// <summary>Takes it for granted that training goes on: what no job may do.</summary>
    private IEnumerable<(GangMember Member, Reason Reason)> VouchBlindly() =>
        State.Gang.Where(member => member.IsSilent && member.Report!.Phase == NodePhase.Suspect)
            .Select(member => (member, new Reason("training_advanced", "It surely does.")));
}
