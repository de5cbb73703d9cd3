using System.Collections.Immutable;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Jobs;

/// <summary>
/// The rules of moving a running job off drained nodes: it runs on until as many others are leased to it, is stopped
/// as planned, and goes on with them. A drain that cannot be served never stops a job.
/// </summary>
public static class JobRelocation
{
    /// <summary>
    /// A planned move is under way: the ranks are given their grace, and what they say meanwhile is no cause.
    /// </summary>
    /// <param name="state">The record.</param>
    /// <returns>True from the lease of the successors to the next attempt.</returns>
    public static bool IsRelocating(this JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Gang.Any(member => member.Relocation is not null);
    }

    /// <summary>
    /// The members to move. Only a job that runs as a whole is moved: a silent host could not be stopped as planned,
    /// and a rank that ended would have to run again.
    /// </summary>
    /// <param name="state">The record.</param>
    /// <returns>Empty when there is nothing to move.</returns>
    internal static ImmutableArray<GangMember> Wanted(JobState state) =>
        state.Phase == JobPhase.Running
        && state.Gang.All(member => member is { IsSilent: false, IsUnfit: false })
        && state.Ranks.All(rank => rank.Phase == RankPhase.Running)
            ? [.. state.Gang.Where(member => member.Report is { Cordon.MovesJob: true })]
            : [];

    /// <summary>The successors are leased: now the gang is stopped.</summary>
    internal static JobState Begin(JobState state, ImmutableArray<LeaseGrant> successors, DateTimeOffset now) =>
        JobEvaluation.Evaluate(
            Wanted(state).Zip(successors).Aggregate(state, (job, pair) => job.WithMember(pair.First with
            {
                Relocation = new Relocation(Why(pair.First), now, pair.Second),
                RelocationWait = null,
            })),
            now);

    /// <summary>No successors yet: the job runs on.</summary>
    internal static JobState Wait(JobState state, Reason reason) => Wanted(state)
        .Where(member => member.RelocationWait != reason)
        .Aggregate(state, (job, member) => job.WithMember(member with { RelocationWait = reason }));

    /// <summary>A node reports on the lease of a successor. One that failed is given back.</summary>
    /// <returns>Null when the lease is none of a successor.</returns>
    internal static JobState? Hear(JobState state, LeaseReport report)
    {
        var lease = new HeldLease(report.Node, report.LeaseNumber);
        if (state.Gang.FirstOrDefault(member => member.SuccessorLease == lease) is not { } moved)
        {
            return null;
        }

        if (report is { IsRevoked: false, Phase: not (NodePhase.Quarantined or NodePhase.Repairing) })
        {
            return state;
        }

        var alone = moved with { Relocation = moved.Relocation! with { Successor = null } };
        return state.WithMember(alone) with { ToRelease = state.ToRelease.Add(lease) };
    }

    /// <summary>The gang is stopped: the successors take the places of those that are moved.</summary>
    internal static JobState Finish(JobState state, DateTimeOffset now)
    {
        var moved = state.Gang.Where(member => member.SuccessorLease is not null).ToImmutableArray();
        var successors = moved.Select(member => member.Relocation!.Successor!).ToImmutableArray();
        return (moved.IsEmpty ? state : JobPlacement.Replace(state, moved, successors, now)).Forget();
    }

    /// <summary>The job has ended: nobody needs the successors.</summary>
    internal static JobState GiveBackSuccessors(this JobState state)
    {
        var successors = state.Gang.Select(member => member.SuccessorLease).OfType<HeldLease>();
        return state.Forget() with { ToRelease = [.. state.ToRelease, .. successors] };
    }

    private static JobState Forget(this JobState state) => state.Gang
        .Where(member => member.Relocation is not null)
        .Aggregate(state, (job, member) => job.WithMember(member with { Relocation = null }));

    private static Reason Why(GangMember member)
    {
        var cordon = member.Report!.Cordon!;
        return new Reason("drained", $"{member.Node} was drained by {cordon.Owner}: {cordon.Reason.Sentence}");
    }
}
