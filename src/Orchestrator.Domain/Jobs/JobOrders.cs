using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Recovery;

namespace Orchestrator.Domain.Jobs;

/// <summary>What a job's record wants of its nodes right now. Asking twice gives the same orders.</summary>
public static class JobOrders
{
    /// <summary>The orders that are due and not confirmed.</summary>
    /// <param name="state">The record.</param>
    /// <returns>One per node at most.</returns>
    public static IEnumerable<(string Node, NodeOrder Order)> Due(JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Phase switch
        {
            JobPhase.Preparing => state.Gang.Take(1).Select(member => Order(state, member, PrepareId(state),
                new PrepareOrder(state.Spec!.CheckpointStore, state.ResumeFrom))),
            JobPhase.Launching => state.Gang.Where(member => !HasStarted(state, member)).Select(member =>
                Order(state, member, $"{state.Id}/{state.Attempt}/launch", Launch(state, member))),
            JobPhase.Pausing => state.Gang.Where(member => !member.IsStopped(state.Attempt)).Select(member =>
                Order(state, member, $"{state.Id}/{state.Attempt}/stop", new StopOrder(
                    state.IsRelocating() ? state.Spec!.StopGrace : TimeSpan.Zero))),
            JobPhase.Stopping => state.Gang.Where(member => !member.IsStopped(state.Attempt)).Select(member =>
                Order(state, member, $"{state.Id}/{state.Attempt}/end", new StopOrder(state.Spec!.StopGrace))),
            _ => [],
        };
    }

    /// <summary>The leases that go back.</summary>
    /// <param name="state">The record.</param>
    /// <returns>Each with its release.</returns>
    public static IEnumerable<(HeldLease Lease, NodeOrder Order)> Releases(JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.ToRelease.Select(lease => (lease, new NodeOrder
        {
            OperationId = $"{state.Id}/lease-{lease.LeaseNumber}/release",
            Job = state.Id,
            LeaseNumber = lease.LeaseNumber,
            Attempt = state.Attempt,
            Body = new ReleaseOrder(),
        }));
    }

    /// <summary>Hosts that are lost by the evidence, or did not stop their ranks in time.</summary>
    /// <param name="state">The record.</param>
    /// <returns>Each with the evidence in one sentence.</returns>
    public static IEnumerable<(GangMember Member, Reason Reason)> Convictions(JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var overdue = state.Phase is JobPhase.Pausing or JobPhase.Stopping
            ? state.Gang.Where(member => member.IsStopOverdue && !member.IsStopped(state.Attempt))
                .Select(member => (member, member.Overdue!))
            : [];
        return FailureSearch.Convicted(state).Concat(overdue).DistinctBy(entry => entry.Item1.Node);
    }

    /// <summary>Silent hosts that are alive, because synchronous training went two steps on without contact.</summary>
    /// <param name="state">The record.</param>
    /// <param name="step">The highest step of any rank.</param>
    /// <returns>Each with the evidence in one sentence.</returns>
    public static IEnumerable<(GangMember Member, Reason Reason)> Vouches(JobState state, long step)
    {
        ArgumentNullException.ThrowIfNull(state);
        // Counts of log lines are no steps: one rank may write two lines while the others wait for a dead host.
        return state.Phase != JobPhase.Running || !state.Spec!.IsSynchronous || state.Spec.Progress.IsBareCount()
            ? []
            : state.Gang
                .Where(member => member.IsSilent && member.Report!.Phase == Nodes.NodePhase.Suspect
                    && member.StepAtContactLoss is > 0 and var mark && step >= mark + 2)
                .Select(member => (member, new Reason(
                    "training_advanced",
                    $"Training went from step {member.StepAtContactLoss} to {step} without contact: the host lives.")));
    }

    /// <summary>Tells rank 0's host which checkpoints are kept, after the catalogue changed.</summary>
    /// <param name="before">The record before.</param>
    /// <param name="after">The record after.</param>
    /// <returns>Null when there is nothing to delete.</returns>
    public static (string Node, NodeOrder Order)? Retention(JobState before, JobState after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return before.Checkpoints.Committed == after.Checkpoints.Committed
            || after.Checkpoints.Committed.IsEmpty
            || after.Gang.IsEmpty
            ? null
            : Order(
                after,
                after.Gang[0],
                $"{after.Id}/{after.Attempt}/retain-{after.Checkpoints.Committed[0].Step}",
                new RetainOrder(after.Spec!.CheckpointStore, after.Checkpoints.Committed));
    }

    /// <summary>The operation id of the current prepare.</summary>
    /// <param name="state">The record.</param>
    /// <returns>Another one for each attempt and each checkpoint tried.</returns>
    public static string PrepareId(JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return $"{state.Id}/{state.Attempt}/prepare-{state.PrepareRound}";
    }

    /// <summary>Every process of the attempt on this host was started, as far as its node has told.</summary>
    internal static bool HasStarted(JobState state, GangMember member) =>
        member.Report is { } report
        && report.Ranks.Any(rank => rank.Attempt == state.Attempt)
        && report.Ranks.All(rank => rank.Phase != Ranks.RankPhase.Waiting);

    private static LaunchOrder Launch(JobState state, GangMember member) => new()
    {
        Ranks = [.. Enumerable.Range(member.NodeRank * state.Spec!.RanksPerNode, state.Spec.RanksPerNode)],
        WorldSize = state.Spec.WorldSize,
        NodeRank = member.NodeRank,
        NodeCount = state.Spec.Nodes,
        MasterAddress = state.Gang[0].Address,
        MasterPort = state.Port,
        Command = state.Spec.Command,
        WorkingDirectory = state.Spec.WorkingDirectory,
        Environment = state.Spec.Environment,
        Store = state.Spec.CheckpointStore,
        Resume = state.ResumeFrom,
        Lease = state.Spec.Lease,
        Progress = state.Spec.Progress,
        StandbyImports = state.Spec.StandbyImports,
    };

    private static (string Node, NodeOrder Order) Order(
        JobState state, GangMember member, string operationId, OrderBody body) =>
        (member.Node, new NodeOrder
        {
            OperationId = operationId,
            Job = state.Id,
            LeaseNumber = member.LeaseNumber,
            Attempt = state.Attempt,
            Body = body,
        });
}
