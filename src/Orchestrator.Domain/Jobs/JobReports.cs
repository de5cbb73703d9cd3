using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Recovery;

namespace Orchestrator.Domain.Jobs;

/// <summary>The rules of what a job hears: reports of its nodes, steps, sent orders and the clock.</summary>
public static class JobReports
{
    /// <summary>A node reports on its lease.</summary>
    /// <param name="state">The record.</param>
    /// <param name="report">The report; older than the newest known, or of another lease, it is dropped.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record after it; the same reference when it brings nothing.</returns>
    public static JobState Take(JobState state, LeaseReport report, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(report);
        var member = state.Gang.FirstOrDefault(
            other => other.Node == report.Node && other.LeaseNumber == report.LeaseNumber);
        if (member is null)
        {
            return JobRelocation.Hear(state, report)
                ?? Disown(state, new HeldLease(report.Node, report.LeaseNumber));
        }

        var isKnown = member.Report is { } known && known.Version >= report.Version;
        if (isKnown)
        {
            return state;
        }

        if (member.IsGivenBack)
        {
            // A lease that is given back tells no news: a node that still does has not heard of it. After the end its
            // nodes are kept for the last checkpoint, and tell how far that is.
            var told = state.Phase.IsEnded() ? JobCheckpoints.Take(state, report.Shards) : state;
            return Disown(told.WithMember(member with { Report = report with { Shards = [] } }), member.Held);
        }

        if (state.Phase.IsEnded())
        {
            return state;
        }

        var taken = JobCheckpoints.Take(state, report.Shards);
        var isOrdering = state.Phase is JobPhase.Preparing or JobPhase.Launching;
        var heard = member with
        {
            Report = report with { Shards = [] },
            // Each suspicion needs steps of its own against it.
            StepAtContactLoss = null,
            // The next order takes the refusal's place on the node, and a cordon may be lifted before the gang stopped.
            Overdue = (isOrdering ? report.OrderRefusal : null) ?? member.Overdue,
            Fault = report is { IsRevoked: false, Phase: NodePhase.Quarantined or NodePhase.Repairing }
                ? report.Reason
                : member.Fault,
            RelocationWait = report.Cordon is { MovesJob: true } ? member.RelocationWait : null,
        };
        heard = heard with { SilentSince = heard.IsSilent ? member.SilentSince ?? report.NewsAt : null };
        return JobEvaluation.Evaluate(taken.WithMember(heard), now);
    }

    /// <summary>A step of the current attempt was seen.</summary>
    /// <param name="state">The record.</param>
    /// <param name="step">The highest step of any rank.</param>
    /// <param name="finishedAt">When it was finished.</param>
    /// <returns>The record; members that the step vouches for are in <see cref="JobOrders.Vouches"/>.</returns>
    public static JobState SeeStep(JobState state, long step, DateTimeOffset finishedAt)
    {
        ArgumentNullException.ThrowIfNull(state);
        // A step that ends after the loss may have begun before it: it fixes the mark, and two more are the proof.
        return state.Gang
            .Where(member => member.IsSilent && member.StepAtContactLoss is null && finishedAt > member.Report!.NewsAt)
            .Aggregate(state, (job, member) => job.WithMember(member with { StepAtContactLoss = step }));
    }

    /// <summary>A node refused an order because the job does not hold its lease any more.</summary>
    /// <param name="state">The record.</param>
    /// <param name="node">The node.</param>
    /// <param name="leaseNumber">The lease that the job thought it held.</param>
    /// <param name="refusal">What the node said.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record with the lease known as gone.</returns>
    public static JobState LoseLease(
        JobState state, string node, long leaseNumber, Reason refusal, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var member = state.Gang.FirstOrDefault(other => other.Node == node && other.LeaseNumber == leaseNumber);
        if (member is null || state.Phase.IsEnded() || member.Report is { IsRevoked: true })
        {
            return state;
        }

        var gone = new LeaseReport
        {
            Node = node,
            LeaseNumber = leaseNumber,
            Version = long.MaxValue,
            Phase = NodePhase.Lost,
            Reason = refusal,
            IsConnected = false,
            IsRevoked = true,
            NewsAt = now,
        };
        return JobEvaluation.Evaluate(state.WithMember(member with { Report = gone }), now);
    }

    /// <summary>Orders went out on their streams.</summary>
    /// <param name="state">The record.</param>
    /// <param name="orders">The orders.</param>
    /// <param name="at">When the last was written.</param>
    /// <returns>The record with the moment noted in the open incident.</returns>
    public static JobState NoteSent(JobState state, IReadOnlyCollection<NodeOrder> orders, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(state);
        var launches = orders.Count(order => order.Body is LaunchOrder && order.Attempt == state.Attempt);
        var stops = orders.Count(order => order.Body is StopOrder && order.Attempt == state.Attempt);
        if (state.OpenIncident is not { } open)
        {
            return state;
        }

        // A repetition is not the moment at which it was sent.
        if (launches > 0 && (open.NextAttempt != state.Attempt || open.When(TimelineEvents.Launched) is null))
        {
            return state.WithIncident((open with { NextAttempt = state.Attempt })
                .Step(IncidentTrigger.LaunchSent, IncidentPhase.Launched)
                .Note(at, TimelineEvents.Launched, $"attempt {state.Attempt}, {state.Gang.Length} nodes"));
        }

        return stops > 0 && state.Phase == JobPhase.Pausing && open.When(TimelineEvents.StopsSent) is null
            ? state.WithIncident(open.Note(at, TimelineEvents.StopsSent, $"{stops} nodes"))
            : state;
    }

    /// <summary>Looks at the deadline.</summary>
    /// <param name="state">The record.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record after it; the same reference when nothing is due.</returns>
    public static JobState Tick(JobState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var quiet = CloseUnconfirmed(state, now);
        if (quiet.Deadline is not { } deadline || now < deadline)
        {
            return quiet;
        }

        if (quiet.Phase == JobPhase.BackingOff)
        {
            return RecoveryLadder.GoOn(quiet, now);
        }

        var overdue = quiet.Gang.Where(member => IsOverdue(quiet, member)).Aggregate(quiet, (job, member) =>
            job.WithMember(member with { Overdue = OverdueReason(job, member) }));
        return JobEvaluation.Evaluate(overdue.Arm(now), now);
    }

    /// <summary>The record was loaded anew: its deadline starts again, since nobody could answer meanwhile.</summary>
    /// <param name="state">The record.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record with its deadline re-armed.</returns>
    public static JobState Reload(JobState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Deadline is null ? state : state.Arm(now);
    }

    /// <summary>Highest step that the ranks' own edges told of.</summary>
    /// <param name="state">The record.</param>
    /// <returns>0 without any.</returns>
    public static long HighestStep(JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Ranks.Select(rank => rank.HighestStep).DefaultIfEmpty().Max();
    }

    /// <summary>A lease whose grant never reached the job: nobody else would give it back.</summary>
    private static JobState Disown(JobState state, HeldLease lease) =>
        state.Spec is null || state.ToRelease.Contains(lease)
            ? state
            : state with { ToRelease = state.ToRelease.Add(lease) };

    private static bool IsOverdue(JobState state, GangMember member) => state.Phase switch
    {
        JobPhase.Preparing => member.NodeRank == 0,
        JobPhase.Launching => !JobOrders.HasStarted(state, member),
        // A silent host is waited for until its lease has surely run out; the node says when.
        JobPhase.Pausing or JobPhase.Stopping => !member.IsStopped(state.Attempt) && !member.IsSilent,
        _ => false,
    };

    private static Reason OverdueReason(JobState state, GangMember member) =>
        state.Phase is JobPhase.Pausing or JobPhase.Stopping
            ? new(GangMember.StopOverdueCode, $"{member.Node} did not end its ranks in time.")
            : new(GangMember.LateCode, $"{member.Node} did not answer in time while the job was {state.Phase}.");

    private static JobState CloseUnconfirmed(JobState state, DateTimeOffset now)
    {
        if (state is not { Phase: JobPhase.Running, OpenIncident: { } open }
            || open.When(TimelineEvents.RanksStarted) + Timings.Unconfirmed > now)
        {
            return state;
        }

        return state.OnOpenIncidents(incident => incident
            .Step(IncidentTrigger.NoSignal, IncidentPhase.Unconfirmed)
            .Note(now, TimelineEvents.Closed, "running, unconfirmed: no sign of progress"));
    }
}
