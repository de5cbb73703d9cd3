using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Recovery;

/// <summary>Reads the root cause out of what a job knows of its gang.</summary>
public static class FailureSearch
{
    /// <summary>The root cause of the current attempt's failure.</summary>
    /// <param name="state">The record of the job.</param>
    /// <returns>The strongest explanation; null when nothing failed.</returns>
    public static Failure? Find(JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        // While ranks are stopped as planned, an order that failed can only be that stop: no fault of the job.
        // Ranks that cannot restore end by themselves, or are not started at all: both are echoes.
        return LostHost(state) ?? FailedDevice(state) ?? Drained(state) ?? Rewound(state) ?? UnusableCheckpoint(state)
            ?? FailedOrder(state) ?? Crash(state) ?? Vanished(state) ?? PeerLost(state);
    }

    /// <summary>
    /// Silent hosts that a second witness convicts: ranks elsewhere lost a peer, and none failed by itself.
    /// </summary>
    /// <param name="state">The record of the job.</param>
    /// <returns>The hosts, each with the evidence in one sentence.</returns>
    public static IEnumerable<(GangMember Member, Reason Reason)> Convicted(JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        // Where the ranks are stopped as planned, they lose each other by order.
        if (state.Phase != JobPhase.Pausing || state.IsStoppedAsPlanned() || Crash(state) is not null)
        {
            yield break;
        }

        var witnesses = Exits(state).Where(exit => exit.Class == ExitClass.PeerLost).ToArray();
        var known = state.Gang.Select(member => member.Address).ToHashSet(StringComparer.Ordinal);
        foreach (var member in state.Gang.Where(member => member.IsSilent && !member.IsStopped(state.Attempt)))
        {
            // An address that belongs to one host of the gang speaks of that host only.
            // A host's own last words are no witness against it, and one that confirmed its stop outlived the failure.
            var witness = witnesses.FirstOrDefault(exit => exit.Member != member && (
                ExitClassifier.BlamedAddress(exit.Rank.Exit!) is not { } address
                || address == member.Address || !known.Contains(address)));
            if (witness is not null)
            {
                yield return (member, new Reason(
                    "host_lost",
                    $"{member.Node} is lost: its agent is gone and rank {witness.Rank.Rank} on {witness.Member.Node} "
                    + $"lost its connection: {LastLine(witness.Rank.Exit!)}"));
            }
        }
    }

    /// <summary>All that the gang's witnesses say.</summary>
    /// <param name="state">The record of the job.</param>
    /// <returns>The evidence of the current attempt.</returns>
    public static IEnumerable<Evidence> Evidence(JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.IsRewinding())
        {
            yield return new Evidence(
                state.Rewind!.At, state.Rewind.Owner, state.Rewind.Reason.Code, state.Rewind.Reason.Sentence);
        }

        foreach (var member in state.Gang)
        {
            if (member is { Report: { IsConnected: false } report })
            {
                yield return new Evidence(report.NewsAt, member.Node, "contact_lost", report.Reason.Sentence);
            }

            if (member.Relocation is { } relocation)
            {
                yield return new Evidence(relocation.At, member.Node, "drained", relocation.Reason.Sentence);
            }

            if (member.Overdue is { } overdue)
            {
                yield return new Evidence(
                    member.Report?.NewsAt ?? default, member.Node, "order_overdue", overdue.Sentence);
            }
        }

        foreach (var exit in Exits(state).Where(exit => exit.Class is ExitClass.OwnExit or ExitClass.PeerLost))
        {
            yield return new Evidence(
                exit.Rank.Exit!.At,
                exit.Member.Node,
                "rank_exited",
                $"rank {exit.Rank.Rank} {HowItEnded(exit.Rank.Exit)}: {LastLine(exit.Rank.Exit)}");
        }
    }

    private static Failure? LostHost(JobState state)
    {
        var lost = state.Gang.Where(member => member.Report is { IsRevoked: true } && !IsDone(state, member)).ToArray();
        if (lost.Length == 0)
        {
            return null;
        }

        var report = lost.Select(member => member.Report!).MinBy(report => report.NewsAt)!;
        var names = string.Join(", ", lost.Select(member => member.Node));
        return new Failure(
            FailureClass.HostLost,
            new Reason("host_lost", (lost.Length == 1 ? "" : $"{names} are lost. ") + report.Reason.Sentence),
            names,
            report.NewsAt,
            IsCertain: true);
    }

    private static Failure? FailedDevice(JobState state) =>
        state.Gang.FirstOrDefault(member => member.Fault is not null && !IsDone(state, member)) is { } unfit
            ? new Failure(FailureClass.DeviceFailed, unfit.Fault!, unfit.Node, unfit.Report!.NewsAt, IsCertain: true)
            : null;

    private static Failure? FailedOrder(JobState state)
    {
        var member = state.Gang.FirstOrDefault(member => member.Overdue is not null);
        return member is null
            ? null
            : new Failure(
                FailureClass.OrderFailed,
                member.Overdue!,
                member.Node,
                member.Report?.NewsAt ?? state.SubmittedAt,
                IsCertain: true);
    }

    private static Failure? Drained(JobState state)
    {
        var moved = state.Gang.Where(member => member.Relocation is not null).ToArray();
        return moved.Length == 0
            ? null
            : new Failure(
                FailureClass.Drained,
                new Reason("drained", string.Join("; ", moved.Select(member => member.Relocation!.Reason.Sentence))),
                string.Join(", ", moved.Select(member => member.Node)),
                moved.Min(member => member.Relocation!.At),
                IsCertain: true);
    }

    private static Failure? Rewound(JobState state) => state.IsRewinding()
        ? new Failure(
            FailureClass.Rewound, state.Rewind!.Reason, Node: null, state.Rewind.At, IsCertain: true)
        : null;

    private static Failure? UnusableCheckpoint(JobState state)
    {
        var member = state.Gang.FirstOrDefault(member => member.RestoreFault(state.Attempt) is not null);
        return member?.RestoreFault(state.Attempt) is { } fault
            ? new Failure(
                FailureClass.CheckpointUnusable,
                new Reason(
                    "checkpoint_unusable",
                    $"The checkpoint of step {fault.Checkpoint.Step} cannot be restored on {member.Node}: "
                    + fault.Fault.Sentence),
                member.Node,
                member.Report!.NewsAt,
                IsCertain: true)
            : null;
    }

    private static Failure? Crash(JobState state)
    {
        var first = Exits(state).Where(exit => exit.Class == ExitClass.OwnExit).MinBy(exit => exit.Rank.Exit!.At);
        return first is null
            ? null
            : new Failure(
                FailureClass.RankCrashed,
                new Reason(
                    "rank_crashed",
                    $"Rank {first.Rank.Rank} on {first.Member.Node} {HowItEnded(first.Rank.Exit!)}: "
                    + LastLine(first.Rank.Exit!)),
                first.Member.Node,
                first.Member.Report!.NewsAt,
                IsCertain: true)
            {
                LastWords = first.Rank.Exit!.LastLines,
            };
    }

    private static Failure? Vanished(JobState state)
    {
        var member = state.Gang.FirstOrDefault(member => member.Report is { IsRevoked: false } report
            && report.Ranks.Any(rank => IsGone(state, rank)));
        return member is null
            ? null
            : new Failure(
                FailureClass.RanksVanished,
                new Reason("ranks_vanished", $"{member.Node} is there, but its ranks are gone."),
                member.Node,
                member.Report!.NewsAt,
                IsCertain: true);
    }

    private static Failure? PeerLost(JobState state)
    {
        var first = Exits(state).Where(exit => exit.Class == ExitClass.PeerLost).MinBy(exit => exit.Rank.Exit!.At);
        return first is null
            ? null
            : new Failure(
                FailureClass.PeerLost,
                new Reason(
                    "peer_connection_lost",
                    $"Rank {first.Rank.Rank} on {first.Member.Node} lost a peer: {LastLine(first.Rank.Exit!)}"),
                Node: null,
                first.Member.Report!.NewsAt,
                // While a host is silent, or a rank may still end, a better explanation may come.
                IsCertain: state.Gang.All(member => !member.IsSilent && member.IsStopped(state.Attempt)));
    }

    private static bool IsGone(JobState state, RankStatus rank) =>
        rank.Attempt == state.Attempt
        && (rank.Phase == RankPhase.Lost || rank.Exit is { LeaseExpired: true }
            // While the job runs it has asked for no stop.
            || (state.Phase == JobPhase.Running && rank.Exit is { WasStopped: true, IsSuccess: false }));

    /// <summary>Every rank of the member has finished: what becomes of its host does not matter any more.</summary>
    internal static bool IsDone(JobState state, GangMember member)
    {
        var ranks = member.Report!.Ranks.Where(rank => rank.Attempt == state.Attempt).ToArray();
        return ranks.Length > 0 && ranks.All(rank => rank.Exit is { IsSuccess: true });
    }

    private static IEnumerable<MemberExit> Exits(JobState state) =>
        from member in state.Gang
        where member.Report is not null
        from rank in member.Report!.Ranks
        where rank.Attempt == state.Attempt && rank.Exit is not null
        select new MemberExit(member, rank, ExitClassifier.Classify(rank.Exit!));

    private static string HowItEnded(RankExit exit) =>
        exit.Signal > 0 ? $"was ended by signal {exit.Signal}" : $"ended with code {exit.Code}";

    private static string LastLine(RankExit exit) =>
        exit.LastLines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault() ?? "it wrote nothing";

    private sealed record MemberExit(GangMember Member, RankStatus Rank, ExitClass Class);
}
