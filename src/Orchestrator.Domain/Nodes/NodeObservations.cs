using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Nodes;

/// <summary>The rules of what agents see. Each event may come twice, or late; only news changes the record.</summary>
public static class NodeObservations
{
    /// <summary>Takes one event in.</summary>
    /// <param name="state">The record.</param>
    /// <param name="session">The session it came on; an older one is not heard.</param>
    /// <param name="seen">The event.</param>
    /// <returns>The record after it; the same reference when it was known or concerns nobody any more.</returns>
    public static NodeState Take(NodeState state, long session, NodeEvent seen)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (session != state.SessionNumber)
        {
            return state;
        }

        return seen switch
        {
            OrderAnswered answer => Answer(state, answer),
            AttemptPrepared prepared => OnLease(state, prepared.Job, prepared.Attempt, prepared.At, Prepare(prepared)),
            RankStarted started => Start(state, started),
            RankExited exited => OnRank(state, exited.Job, exited.Attempt, exited.Rank, exited.At, Exit(exited)),
            FirstStepFinished first => OnRank(state, first.Job, first.Attempt, first.Rank, first.At, Advance(first)),
            ShardStored stored => Store(state, stored),
            RestoreFailed failed => OnLease(
                state, failed.Job, failed.Fault.Attempt, failed.At, Fail(failed.Fault)),
            GangStopped stopped => Stop(state, stopped),
            _ => state,
        };
    }

    private static NodeState Answer(NodeState state, OrderAnswered answer)
    {
        if (state.Lease is not { } lease || lease.Order?.OperationId != answer.OperationId || lease.IsOrderConfirmed)
        {
            return state;
        }

        if (lease.Order.Body is ReleaseOrder && answer.Refusal is { } refusal)
        {
            // An agent that obeys a newer lease has nothing left of this one. Any other refusal is asked again.
            return refusal.Code == "stale_lease" ? NodeLeasing.End(state, answer.At) : state;
        }

        var answered = state with { Lease = lease with { IsOrderConfirmed = true, OrderRefusal = answer.Refusal } };
        return answer.Refusal is null ? EndIfGone(answered, answer.At) : answered.WithNews(answer.At);
    }

    /// <summary>A release that was taken is over when no process is left, not before.</summary>
    private static NodeState EndIfGone(NodeState state, DateTimeOffset at) =>
        state.Lease is { Phase: LeasePhase.Releasing, IsOrderConfirmed: true } lease
        && lease.StoppedAttempt >= lease.Order!.Attempt
            ? NodeLeasing.End(state, at)
            : state;

    // An agent takes an order before it carries it out, so what comes earlier answers the prepare before this one.
    private static Func<Lease, Lease> Prepare(AttemptPrepared prepared) => lease =>
        lease is { IsOrderConfirmed: true, Order: { Body: PrepareOrder } order }
        && lease.Preparation?.OperationId != order.OperationId
            ? lease with
            {
                Preparation = new Preparation(
                    prepared.Attempt, order.OperationId, prepared.Port, prepared.CheckpointFault),
            }
            : lease;

    /// <summary>
    /// A shard reaches the store long after it was saved, when the job may be at its next attempt: the job knows which
    /// it still wants.
    /// </summary>
    private static NodeState Store(NodeState state, ShardStored stored) =>
        state.Lease is { } lease && lease.Attempt >= stored.Report.Attempt
            ? OnLease(state, stored.Job, lease.Attempt, stored.At, Store(stored.Report))
            : state;

    private static Func<Lease, Lease> Store(ShardReport report) => lease =>
    {
        var known = lease.Shards.FirstOrDefault(
            other => other.Step == report.Step && other.Shard.Path == report.Shard.Path);
        return known is null ? lease with { Shards = lease.Shards.Add(report) }
            : known.Shard.IsBehind(report.Shard) ? lease with { Shards = lease.Shards.Replace(known, report) }
            : lease;
    };

    private static Func<Lease, Lease> Fail(RestoreFault fault) => lease =>
        lease.RestoreFault == fault ? lease : lease with { RestoreFault = fault };

    private static Func<RankStatus, RankStatus> Exit(RankExited exited) => rank =>
        rank.Phase is RankPhase.Exited or RankPhase.Lost
            ? rank
            : rank with
            {
                Phase = RankPhase.Exited,
                Exit = exited.Exit,
                HighestStep = Math.Max(rank.HighestStep, exited.HighestStep),
            };

    private static Func<RankStatus, RankStatus> Advance(FirstStepFinished first) => rank =>
        rank.FirstStep is not null
            ? rank
            : rank with
            {
                FirstStep = first.Step,
                FirstStepAt = first.FinishedAt,
                HighestStep = Math.Max(rank.HighestStep, first.Step),
            };

    private static NodeState Start(NodeState state, RankStarted started)
    {
        var running = OnRank(state, started.Job, started.Attempt, started.Rank, started.At, rank =>
            rank.Phase == RankPhase.Waiting ? rank with { Phase = RankPhase.Running, Pid = started.Pid } : rank);
        return !ReferenceEquals(running, state) && running.Phase == NodePhase.Assigned
            ? running.Move(
                NodeTrigger.RankStarted,
                NodePhase.Active,
                new Reason("runs_ranks", $"Runs ranks of {started.Job}."),
                started.At)
            : running;
    }

    private static NodeState Stop(NodeState state, GangStopped stopped)
    {
        var clean = Clean(state, stopped);
        // About an attempt that this lease was never asked for, only an earlier lease can speak.
        return clean.Lease is { } lease && lease.Job == stopped.Job
            && lease.StoppedAttempt < stopped.Attempt && stopped.Attempt <= lease.Attempt
            ? EndIfGone(
                (clean with { Lease = lease with { StoppedAttempt = stopped.Attempt } }).WithNews(stopped.At),
                stopped.At)
            : clean;
    }

    private static NodeState Clean(NodeState state, GangStopped stopped)
    {
        var left = state.Remains.RemoveAll(old => old.Job == stopped.Job && old.Attempt <= stopped.Attempt);
        if (left.Length == state.Remains.Length)
        {
            return state;
        }

        var clean = state with { Remains = left };
        return clean.Phase == NodePhase.Validating ? NodeContact.Validate(clean, stopped.At) : clean;
    }

    private static NodeState OnRank(
        NodeState state, string job, int attempt, int rank, DateTimeOffset at, Func<RankStatus, RankStatus> change) =>
        OnLease(state, job, attempt, at, lease =>
        {
            var before = lease.Ranks.FirstOrDefault(status => status.Rank == rank);
            if (before is null)
            {
                return lease;
            }

            var after = change(before);
            return ReferenceEquals(before, after) ? lease : lease.WithRank(after);
        });

    private static NodeState OnLease(
        NodeState state, string job, int attempt, DateTimeOffset at, Func<Lease, Lease> change)
    {
        if (state.Lease is not { } lease || lease.Job != job || lease.Attempt != attempt)
        {
            return state;
        }

        var after = change(lease);
        return ReferenceEquals(after, lease) ? state : (state with { Lease = after }).WithNews(at);
    }
}
