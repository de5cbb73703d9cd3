using System.Collections.Immutable;
using Orchestrator.Domain.Checkpoints;
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
                // From memory each host reads its own part while its ranks start.
                new PrepareOrder(
                    state.Spec!.CheckpointStore, state.Spec.KeepsInMemory ? null : state.ResumeFrom))),
            JobPhase.Launching => state.Gang.Where(member => !HasStarted(state, member)).Select(member =>
                Order(state, member, $"{state.Id}/{state.Attempt}/launch", Launch(state, member))),
            JobPhase.Pausing => state.Gang.Where(member => !member.IsStopped(state.Attempt)).Select(member =>
                Order(state, member, $"{state.Id}/{state.Attempt}/stop", new StopOrder(
                    state.IsStoppedAsPlanned() ? state.Spec!.StopGrace : TimeSpan.Zero))),
            JobPhase.Stopping => state.Gang.Where(member => !member.IsStopped(state.Attempt)).Select(member =>
                Order(state, member, $"{state.Id}/{state.Attempt}/end", new StopOrder(state.Spec!.StopGrace))),
            _ => [],
        };
    }

    /// <summary>The leases that go back.</summary>
    /// <param name="state">The record.</param>
    /// <param name="now">Now.</param>
    /// <returns>Each with its release.</returns>
    public static IEnumerable<(HeldLease Lease, NodeOrder Order)> Releases(JobState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return JobCheckpoints.IsSaving(state, now) ? [] : state.ToRelease.Select(lease => (lease, new NodeOrder
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

    /// <summary>
    /// Tells hosts which checkpoints are kept and which is to reach the store, after that changed: rank 0's host of all
    /// in the store, and each one of what is in its memory.
    /// </summary>
    /// <param name="before">The record before.</param>
    /// <param name="after">The record after.</param>
    /// <returns>Empty when there is nothing to delete or upload.</returns>
    public static IEnumerable<(string Node, NodeOrder Order)> Retentions(JobState before, JobState after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return before.Checkpoints.Committed == after.Checkpoints.Committed
            && before.Checkpoints.Upload == after.Checkpoints.Upload
            && before.SavePlan == after.SavePlan
            ? []
            : Retentions(after);
    }

    /// <summary>The same as a repetition, for what got lost on its way.</summary>
    /// <param name="state">The record.</param>
    /// <returns>Empty when there is nothing to delete or upload.</returns>
    public static IEnumerable<(string Node, NodeOrder Order)> Retentions(JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var (kept, upload) = (state.Checkpoints.Committed, state.Checkpoints.Upload);
        if (kept.IsEmpty && state.SavePlan is null)
        {
            return [];
        }

        // The agent carries out an operation once: the name says all that may change.
        var name = $"{state.Id}/{state.Attempt}/retain-{state.Checkpoints.Newest?.Step ?? 0}"
            + $"-{upload?.Step ?? 0}-{state.Checkpoints.NewestDurable?.Step ?? 0}-{state.SavePlan?.FromStep ?? 0}"
            + $"-{kept.Length}";
        return state.Gang.Take(state.Spec!.KeepsInMemory || state.SavePlan is not null ? int.MaxValue : 1).Select(
            member => Order(state, member, name, new RetainOrder(
                state.Spec.CheckpointStore,
                member.NodeRank == 0
                    ? kept
                    : [.. kept.Select(manifest => JobCheckpoints.PartHeldBy(manifest, member.Node))])
            {
                Upload = upload,
                CollectsStore = member.NodeRank == 0,
                SavePlan = state.SavePlan,
            }));
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
        Ranks = RanksOf(state, member),
        WorldSize = state.Spec!.WorldSize,
        NodeRank = member.NodeRank,
        NodeCount = state.Spec.Nodes,
        MasterAddress = state.Gang[0].Address,
        MasterPort = state.Port,
        Command = HasResumeCommand(state) ? state.Spec.ResumeCommand : state.Spec.Command,
        IsResumeCommand = HasResumeCommand(state),
        WorkingDirectory = state.Spec.WorkingDirectory,
        Environment = state.Spec.Environment,
        Store = state.Spec.CheckpointStore,
        Resume = state.Spec.KeepsInMemory
            ? JobCheckpoints.PartFor(state.ResumeFrom, RanksOf(state, member))
            : state.ResumeFrom,
        Lease = state.Spec.Lease,
        Progress = state.Spec.Progress,
        StandbyImports = state.Spec.StandbyImports,
        KeepsInMemory = state.Spec.KeepsInMemory,
        ReplicaHolder = state.Spec.KeepsInMemory ? ReplicaPlacement.HolderFor(state.Gang, member) : null,
        Watch = state.Spec.Watch,
        SavePlan = state.SavePlan,
    };

    private static bool HasResumeCommand(JobState state) =>
        state.ResumeFrom is not null && !state.Spec!.ResumeCommand.IsDefaultOrEmpty;

    private static ImmutableArray<int> RanksOf(JobState state, GangMember member) =>
        [.. Enumerable.Range(member.NodeRank * state.Spec!.RanksPerNode, state.Spec.RanksPerNode)];

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
