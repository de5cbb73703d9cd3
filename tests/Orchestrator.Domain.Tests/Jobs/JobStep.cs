using System.Collections.Immutable;
using CsCheck;
using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Ranks;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Jobs;

/// <summary>One thing that can reach a job.</summary>
internal sealed record JobStep(string Name, Func<JobState, DateTimeOffset, JobState> Apply)
{
    public static Gen<JobStep> Any { get; } = Gen.Frequency((4, Reports()), (2, Others()));

    public override string ToString() => Name;

    /// <summary>A report of any content about the current gang, or about one long gone.</summary>
    private static Gen<JobStep> Reports() => Gen.Select(
        Gen.Int[0, 2], Gen.Int[-1, 3], Gen.Enum<NodePhase>(), Gen.Int[0, 9], Gen.Int[0, 6],
        (who, age, phase, luck, rank) =>
            new JobStep($"report {who} {age} {phase} {luck} {rank}", (state, now) =>
            {
                var member = who < state.Gang.Length ? state.Gang[who] : null;
                return JobReports.Take(
                    state,
                    new LeaseReport
                    {
                        Node = member?.Node ?? "n9",
                        LeaseNumber = member?.LeaseNumber ?? 9,
                        Version = (member?.Report?.Version ?? 0) + age,
                        Phase = luck > 3 ? NodePhase.Active : phase,
                        Reason = new Reason("said", "So it was said."),
                        IsConnected = luck != 1,
                        IsRevoked = member?.Report?.IsRevoked == true || luck == 2
                            || (luck <= 3 && phase == NodePhase.Lost),
                        Preparation = new Preparation(state.Attempt, JobOrders.PrepareId(state), 29500, Fault(luck)),
                        Ranks = [Rank(state, who, rank, now)],
                        StoppedAttempt = luck % 2 == 0 ? state.Attempt : member?.Report?.StoppedAttempt ?? 0,
                        Shards = Shards(state, who, luck),
                        OrderRefusal = luck == 5 ? new Reason("no", "Refused.") : null,
                        Cordon = luck is 4 or 7 or 8
                            ? new Cordon("operator", new Reason("drained", "Fan."), now, MovesJob: luck > 4)
                            : null,
                        NewsAt = now,
                    },
                    now);
            }));

    private static Reason? Fault(int luck) => luck == 3 ? new Reason("checkpoint_damaged", "A file differs.") : null;

    private static RankStatus Rank(JobState state, int number, int kind, DateTimeOffset now) => new()
    {
        Rank = number,
        Attempt = kind == 6 ? state.Attempt - 1 : state.Attempt,
        Phase = kind switch
        {
            0 => RankPhase.Waiting,
            1 or 2 => RankPhase.Running,
            3 => RankPhase.Lost,
            _ => RankPhase.Exited,
        },
        FirstStep = kind == 2 ? state.Attempt : null,
        FirstStepAt = kind == 2 ? now : null,
        HighestStep = kind == 2 ? state.Attempt : 0,
        Exit = kind switch { 4 => AnExit.Crash(), 5 => AnExit.LostPeer(), 6 => AnExit.Clean, _ => null },
    };

    private static ImmutableArray<ShardReport> Shards(JobState state, int rank, int luck) => luck < 6
        ? []
        : [new ShardReport(state.Attempt - (luck % 2), 10 * luck, new Shard(rank, $"{luck}/{rank}", []), 2)];

    private static Gen<JobStep> Others() => Gen.Select(Gen.Int[0, 10], Gen.Int[0, 3], (kind, amount) =>
        new JobStep($"other {kind} {amount}", (state, now) => Other(state, kind, amount, now)));

    private static JobState Other(JobState state, int kind, int amount, DateTimeOffset now) => kind switch
    {
        0 or 1 => JobPlacement.Granted(state, Grants(state, JobPlacement.Needed(state)), now),
        2 => JobPlacement.Granted(state, Grants(state, amount), now),
        3 => JobPlacement.Waiting(state, new Reason("not_enough_nodes", $"{amount} are free."), now),
        4 => JobReports.Tick(state, state.Deadline ?? now),
        5 => JobReports.NoteSent(state, [.. JobOrders.Due(state).Select(due => due.Order)], now),
        6 => JobReports.SeeStep(state, amount, now),
        7 => state.ToRelease is [var lease, ..] ? JobPlacement.Released(state, lease) : JobReports.Tick(state, now),
        8 => JobRequests.ResumeFrom(state, new RewindRequest(60 + (10 * amount)), now).State,
        9 => JobRequests.Prune(state, amount).State,
        _ => amount == 3 ? JobRequests.Cancel(state, now).State : JobReports.Reload(state, now),
    };

    private static ImmutableArray<LeaseGrant> Grants(JobState state, int count)
    {
        var newest = state.Gang.Select(member => member.LeaseNumber)
            .Concat(state.ToRelease.Select(lease => lease.LeaseNumber)).Append(10 * state.Attempt).Max();
        return
        [
            .. Enumerable.Range(1, count).Select(number => new LeaseGrant(
                $"n{newest + number}", newest + number, "10.0.0.1")),
        ];
    }
}
