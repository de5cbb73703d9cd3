using CsCheck;
using Orchestrator.Domain.Accounts;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Tests.Builders;
using Orchestrator.Domain.Tests.Jobs;

namespace Orchestrator.Domain.Tests.Accounts;

/// <summary>
/// Whatever reaches a job, in any order and on clocks that step: its time is on its accounts, once.
/// </summary>
public sealed class LedgerPropertyTests
{
    private const int LongestSequence = 80;
    private const int Sequences = 1_000;

    private static readonly Gen<(int Seconds, JobStep Step)[]> Steps =
        Gen.Select(Gen.Int[-5, 90], JobStep.Any).Array[0, LongestSequence];

    [Fact]
    public void AnySequence_SumIsTheWallTimeOfTheHighestClock() => Steps.Sample(
        steps => Run(steps, (_, after, now) =>
        {
            var ledger = after.Ledger!;
            var highest = after.EndedAt is not null || ledger.Since > now ? ledger.Since : now;
            ledger.At(now).Sum().ShouldBe(highest - after.SubmittedAt);
            (ledger.Since >= after.EndedAt).ShouldBe(after.EndedAt is not null, "settled to the end, and not before");
        }),
        iter: Sequences);

    [Fact]
    public void AnySequence_OneAccountIsOpenUntilTheEndAndNothingIsUnsavedThen() => Steps.Sample(
        steps => Run(steps, (_, after, _) =>
        {
            var ledger = after.Ledger!;
            (ledger.Open is null).ShouldBe(after.Phase.IsEnded());
            ledger.Settled.Select(booked => booked.Account).ShouldBeUnique();
            ledger.Settled.ShouldAllBe(booked => booked.Time > TimeSpan.Zero);
            if (after.Phase.IsEnded() || after.Phase == JobPhase.Preparing)
            {
                ledger.On(Account.Unsaved).ShouldBe(TimeSpan.Zero);
            }
        }),
        iter: Sequences);

    [Fact]
    public void AnySequence_OnlyUnsavedTimeIsBookedAnew() => Steps.Sample(
        steps => Run(steps, (before, after, _) =>
        {
            foreach (var account in Enum.GetValues<Account>().Where(account => account != Account.Unsaved))
            {
                after.Ledger!.On(account).ShouldBeGreaterThanOrEqualTo(before.Ledger!.On(account), $"{account} fell");
            }
        }),
        iter: Sequences);

    [Fact]
    public void AnySequence_PostedTwice_ChangesNothingTheSecondTime() => Steps.Sample(
        steps => Run(steps, (_, after, now) =>
            JobAccounts.Post(after, after with { BestStep = after.BestStep }, now).Ledger.ShouldBe(after.Ledger)),
        iter: Sequences);

    private static void Run((int Seconds, JobStep Step)[] steps, Action<JobState, JobState, DateTimeOffset> check)
    {
        var now = Moments.Start;
        var submitted = AJob.OnNodes(2, spec => spec with { StopAfterNoProgress = 4 }).State;
        var state = JobAccounts.Post(new JobState(), submitted, now);
        foreach (var (seconds, step) in steps)
        {
            now += TimeSpan.FromSeconds(seconds);
            var next = JobAccounts.Post(state, step.Apply(state, now), now);
            check(state, next, now);
            state = next;
        }
    }
}
