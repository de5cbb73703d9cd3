using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Leases;

/// <summary>The small steps of which the rules of a lease are made.</summary>
internal static class LeaseSteps
{
    public static Lease Step(this Lease lease, LeaseTrigger trigger, LeasePhase to)
    {
        Invariant.That(LeaseLifecycle.Table.Allows(lease.Phase, trigger, to));
        return lease with { Phase = to };
    }

    public static Lease WithRanksLost(this Lease lease) => lease with
    {
        Ranks =
        [
            .. lease.Ranks.Select(rank => rank.Phase == RankPhase.Exited ? rank : rank with { Phase = RankPhase.Lost }),
        ],
    };

    public static Lease WithRank(this Lease lease, RankStatus status) => lease with
    {
        Ranks = [.. lease.Ranks.Select(rank => rank.Rank == status.Rank ? status : rank)],
    };
}
