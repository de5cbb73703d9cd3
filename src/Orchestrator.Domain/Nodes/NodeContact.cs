using System.Collections.Immutable;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Ranks;
using static Orchestrator.Domain.Nodes.NodePhase;

namespace Orchestrator.Domain.Nodes;

/// <summary>The rules of contact: who is there, who is silent, and when silence means loss.</summary>
public static class NodeContact
{
    /// <summary>An agent opened a session and told the whole truth about its host.</summary>
    /// <param name="state">The record.</param>
    /// <param name="hello">What the agent said.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record after it, or a refusal of an older session.</returns>
    public static Decision<NodeState> Attach(NodeState state, AgentHello hello, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(hello);
        if (hello.SessionNumber <= state.SessionNumber)
        {
            return new(state, new Reason(
                "stale_session",
                $"Session {hello.SessionNumber} of {hello.Node} is not newer than session {state.SessionNumber}."));
        }

        var isRebooted = state.BootId.Length > 0 && state.BootId != hello.BootId;
        var known = state with
        {
            Name = hello.Node,
            SessionNumber = hello.SessionNumber,
            BootId = hello.BootId,
            AgentVersion = hello.AgentVersion,
            Address = hello.Address,
            Gpus = hello.Gpus,
            Labels = hello.Labels,
            PeerAddress = hello.PeerAddress,
            ShardAddress = hello.ShardAddress,
            Peers = null,
            IsConnected = true,
            LeaseNumber = Math.Max(state.LeaseNumber, hello.LeaseNumber),
            Remains = FindRemains(state, hello),
            Lease = state.Lease is { } lease ? Adopt(lease, hello, now) : null,
        };
        return Settle(known, isRebooted, now);
    }

    /// <summary>The stream of a session broke, or no heartbeat came for too long.</summary>
    /// <param name="state">The record.</param>
    /// <param name="session">The session; an older one is not heard.</param>
    /// <param name="reason">How contact was lost.</param>
    /// <param name="now">Now.</param>
    /// <param name="overdue">How long a heartbeat was overdue then: silence counts from when it was due.</param>
    /// <returns>The record after it.</returns>
    public static NodeState Lose(
        NodeState state, long session, Reason reason, DateTimeOffset now, TimeSpan overdue = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (session != state.SessionNumber)
        {
            return state;
        }

        if (!state.IsConnected)
        {
            // It was heard meanwhile, and nobody had told so: its ranks have a lease from then.
            var until = now - overdue + state.SilenceUntilLost();
            return state.Deadline < until && IsSilent(state) ? state with { Deadline = until } : state;
        }

        var silent = state with { IsConnected = false };
        if (silent.IsInService())
        {
            var suspect = silent.Move(NodeTrigger.ContactLost, Suspect, reason, now);
            return suspect with { Deadline = suspect.Deadline - overdue };
        }

        return (silent.HoldsLease() ? silent.Arm(now) : silent).WithNews(now);
    }

    /// <summary>The gateway still has the stream of this session.</summary>
    /// <param name="state">The record.</param>
    /// <param name="session">The session.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record after it; the same reference when contact was never in doubt.</returns>
    public static NodeState Keep(NodeState state, long session, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (session != state.SessionNumber || state.IsConnected)
        {
            return state;
        }

        var back = state with { IsConnected = true, Peers = null };
        return back.Phase switch
        {
            Suspect => Return(back, NodeTrigger.ContactRegained, back.AttachedReason(), now),
            // Only the stream was stuck, so no new hello will come.
            Joining or Lost or Retired => Return(back, NodeTrigger.Attached, Regained, now),
            _ => back.Arm(now).WithNews(now),
        };
    }

    /// <summary>Training advanced after contact was lost: every host of it lives.</summary>
    /// <param name="state">The record.</param>
    /// <param name="leaseNumber">The lease of the job that says so.</param>
    /// <param name="reason">Which steps were seen.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record after it; the same reference when the node is not suspect.</returns>
    public static NodeState Vouch(NodeState state, long leaseNumber, Reason reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        // Where no rank of the newest attempt started, only an earlier attempt can have advanced.
        var canTell = state.HoldsLease() && state.Lease!.Number == leaseNumber && state.RestingPhase() == Active;
        return state.Phase == Suspect && canTell ? state.Move(NodeTrigger.Vouched, Active, reason, now) : state;
    }

    /// <summary>A second witness says that the host is lost, or it does not do what its lease asks.</summary>
    /// <param name="state">The record.</param>
    /// <param name="leaseNumber">The lease of the job that says so.</param>
    /// <param name="reason">The evidence.</param>
    /// <param name="incident">The incident it belongs to.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record after it; the same reference when it is too late to matter.</returns>
    public static NodeState Convict(
        NodeState state, long leaseNumber, Reason reason, string? incident, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.HoldsLease() || state.Lease!.Number != leaseNumber)
        {
            return state;
        }

        return state.Phase is Suspect or Active or Assigned
            ? Bury(state, NodeTrigger.Convicted, reason, incident, now)
            : Revoke(state).Arm(now).WithNews(now);
    }

    /// <summary>Looks at the deadline.</summary>
    /// <param name="state">The record.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record after it; the same reference when nothing is due.</returns>
    public static NodeState Tick(NodeState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Deadline is not { } deadline || now < deadline)
        {
            return state;
        }

        return state.Phase switch
        {
            Validating when state.IsConnected && state.Lease is null => NodeFitness.Quarantine(
                state, NodeTrigger.DeadlinePassed, new Reason("checks_unfinished", "Its checks did not end."), now),
            // Its old job has not taken note of the loss: that is no fault of the host.
            Validating when state.IsConnected => (state with { DeadlineFrom = now }).Arm(now).WithNews(now),
            Quarantined or Repairing when state.HoldsLease() && !state.IsConnected =>
                Revoke(state).Arm(now).WithNews(now),
            Assigned when state.IsConnected => NodeLeasing.Lapse(state, now),
            Validating or Warm or Assigned or Active => state.Move(
                NodeTrigger.ContactLost, Suspect, new Reason("not_attached", "Its agent is not attached."), now),
            Suspect => Bury(state, NodeTrigger.DeadlinePassed, Silence(state), null, now),
            Quarantined => state.Move(
                NodeTrigger.DeadlinePassed, Repairing, new Reason("repair_due", "Nobody lifted its cordon."), now),
            Joining or Lost or Repairing => (state.HoldsLease() ? Revoke(state) : state).Move(
                NodeTrigger.DeadlinePassed, Retired, new Reason("gave_up", "It did not come back in time."), now),
            _ => state with { Deadline = null },
        };
    }

    /// <summary>
    /// A node's silence counts only while most of the fleet is heard: it begins anew when the fleet is heard again.
    /// </summary>
    /// <param name="state">The record.</param>
    /// <param name="fleetHeardFor">How long most of the fleet has been heard without a break; null: it is not.</param>
    /// <param name="now">Now.</param>
    /// <returns>
    /// The record with a later deadline, and on a suspect of a silent fleet with the reason of the wait; the same
    /// reference when its deadline is late enough, or none of silence. The deadline alone is not worth a write: loading
    /// the record anew moves it, too.
    /// </returns>
    public static NodeState Hold(NodeState state, TimeSpan? fleetHeardFor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        // Asked of the fleet and not remembered from the ticks before: a node that waited for the storage missed some.
        var earliest = now - (fleetHeardFor ?? TimeSpan.Zero) + state.SilenceUntilLost();
        if (state.Deadline is not { } deadline || !IsSilent(state))
        {
            return state;
        }

        var held = deadline < earliest ? state with { Deadline = earliest } : state;
        return fleetHeardFor is null && state.Phase == Suspect && state.Reason != FleetSilent
            ? (held with { Reason = FleetSilent }).WithNews(now)
            : held;
    }

    /// <summary>
    /// Keeps whom the agent of a silent node can ask. The fleet may grow and shrink later, but a host that is cut off
    /// does not hear of it, and goes on for as long as those that it knows tell it so.
    /// </summary>
    /// <param name="state">The record.</param>
    /// <param name="sample">Whom an agent of this node is told to ask; null when that is not known.</param>
    /// <returns>The record with the sample; the same reference where it is known already, or does not matter.</returns>
    public static NodeState KeepPeers(NodeState state, IReadOnlyList<string>? sample)
    {
        ArgumentNullException.ThrowIfNull(state);
        return sample is not null && state is { IsConnected: false, Peers: null } && state.HoldsLease()
            ? state with { Peers = [.. sample] }
            : state;
    }

    /// <summary>Whether the agent of a node should be heard: it counts in the fleet, and others may ask it.</summary>
    /// <param name="state">The record.</param>
    /// <returns>False for a node that never attached, is lost or was taken out of service.</returns>
    public static bool IsExpected(NodeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Phase is not (Lost or Retired or Joining);
    }

    /// <summary>The record was loaded anew: nobody is connected yet, and everybody gets time to attach.</summary>
    /// <param name="state">The record.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record with its contact and deadline re-armed.</returns>
    public static NodeState Reload(NodeState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        // Nobody could answer meanwhile; but a repair, or a host's return, went on without the control plane.
        var isWaiting = state.Phase is Joining or Lost or Quarantined or Repairing;
        var silent = (state with { IsConnected = false, DeadlineFrom = isWaiting ? state.DeadlineFrom : now }).Arm(now);
        var grace = now + Timings.ReattachGrace;
        return silent.IsInService() || silent.Deadline < grace ? silent with { Deadline = grace } : silent;
    }

    /// <summary>Its deadline is one of silence.</summary>
    private static bool IsSilent(NodeState state) => !state.IsConnected && (state.Phase == Suspect
        || state.IsInService() || (state.Phase is Quarantined or Repairing && state.HoldsLease()));

    private static Reason FleetSilent => new(
        "fleet_silent",
        "Its agent is silent, and so are most others: that is more likely the control plane's side, so nobody is "
        + "called lost for it.");

    private static Reason Regained => new("attached", "Its agent is attached.");

    private static Reason Silence(NodeState state) => new(
        "silent_too_long",
        $"No contact for {state.SilenceUntilLost().TotalSeconds:0.0} s: "
        + "its lease has run out and its ranks have ended.");

    private static NodeState Settle(NodeState state, bool isRebooted, DateTimeOffset now) => state.Phase switch
    {
        Repairing when isRebooted => Return(NodeFitness.LiftOwn(state), NodeTrigger.Repaired, Regained, now),
        Quarantined or Repairing => state.Move(NodeTrigger.Attached, state.Phase, state.Reason, now),
        Suspect => Return(state, NodeTrigger.ContactRegained, state.AttachedReason(), now),
        Assigned when state.RestingPhase() == Active => state.Move(
            NodeTrigger.RankStarted, Active, state.AttachedReason(), now),
        Assigned or Active => state.Arm(now).WithNews(now),
        _ => Return(state, NodeTrigger.Attached, Regained, now),
    };

    /// <summary>Back in service: under the lease that it still holds, or checked before it takes work.</summary>
    internal static NodeState Return(NodeState state, NodeTrigger trigger, Reason reason, DateTimeOffset now) =>
        state.HoldsLease()
            ? state.Move(trigger, state.RestingPhase(), reason, now)
            : Validate(state.Move(trigger, Validating, reason, now), now);

    internal static NodeState Validate(NodeState state, DateTimeOffset now)
    {
        if (NodeFitness.FailedCheck(state) is { } failed)
        {
            return NodeFitness.Quarantine(state, NodeTrigger.ChecksFailed, failed, now);
        }

        var isClean = state.Remains.IsEmpty && state.Lease is null;
        return isClean
            ? state.Move(NodeTrigger.ChecksPassed, Warm, new Reason("checks_passed", "Its checks passed."), now)
            : state;
    }

    private static NodeState Bury(
        NodeState state, NodeTrigger trigger, Reason reason, string? incident, DateTimeOffset now) =>
        Revoke(state).Move(trigger, Lost, reason, now, incident);

    /// <summary>The job goes on without this host. Should the host be heard again, its old ranks end first.</summary>
    private static NodeState Revoke(NodeState state)
    {
        // A lease that was being given back has nobody left to take note of its end.
        var lease = state.Lease is null or { Phase: LeasePhase.Releasing }
            ? null
            : state.Lease.Step(LeaseTrigger.NodeFailed, LeasePhase.Revoked).WithRanksLost();
        var remains = state.Lease is { Attempt: > 0 } launched
            ? state.Remains.RemoveAll(old => old.Job == launched.Job)
                .Add(new JobRemains(launched.Job, launched.Attempt))
            : state.Remains;
        return state with { Lease = lease, IsConnected = false, Remains = remains };
    }

    private static ImmutableArray<JobRemains> FindRemains(NodeState state, AgentHello hello)
    {
        var job = state.HoldsLease() ? state.Lease!.Job : null;
        return
        [
            .. hello.Ranks.Where(rank => rank.Job != job)
                .GroupBy(rank => rank.Job, rank => rank.Status.Attempt)
                .OrderBy(ranks => ranks.Key, StringComparer.Ordinal)
                .Select(ranks => new JobRemains(ranks.Key, ranks.Max())),
        ];
    }

    private static Lease Adopt(Lease lease, AgentHello hello, DateTimeOffset now)
    {
        var found = hello.Ranks.Where(rank => rank.Job == lease.Job && rank.Status.Attempt == lease.Attempt)
            .ToDictionary(rank => rank.Status.Rank, rank => rank.Status);
        return lease with
        {
            Ranks = [.. lease.Ranks.Select(rank => AdoptRank(rank, found, lease, now))],
            // An agent that started anew may have forgotten what it still owed; a launch shows in its ranks.
            IsOrderConfirmed = lease.IsOrderConfirmed && lease.Order?.Body is LaunchOrder,
        };
    }

    private static RankStatus AdoptRank(
        RankStatus rank, Dictionary<int, RankStatus> found, Lease lease, DateTimeOffset now)
    {
        if (rank.Phase is RankPhase.Exited or RankPhase.Lost || lease.Phase == LeasePhase.Revoked)
        {
            return rank;
        }

        if (found.TryGetValue(rank.Rank, out var status))
        {
            return status with { FirstStepAt = rank.FirstStepAt ?? (status.FirstStep is null ? null : now) };
        }

        // A launch that the agent never confirmed is sent again and starts the rank; a confirmed one is gone.
        return rank.Phase == RankPhase.Waiting && !lease.IsOrderConfirmed
            ? rank
            : rank with { Phase = RankPhase.Lost };
    }
}
