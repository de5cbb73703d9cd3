using Orchestrator.Domain.Accounts;
using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Jobs;
using Orchestrator.Gateway.Mapping;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Tests.Mapping;

public sealed class SaveIntervalMappingTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void WithSaveInterval_SaveMeasured_ShowsTheIntervalAndWhatItFollowsFrom()
    {
        var shown = Show(Trained());

        shown.Failures.ShouldBe(2u);
        shown.ObservedS.ShouldBe(3600);
        shown.MeanTimeBetweenFailuresS.ShouldBe(
            FailureRate.MeanTimeBetween(16, 2, TimeSpan.FromHours(1)).TotalSeconds, 1e-6);
        shown.SaveCostMs.ShouldBe(2100u);
        var (c, m) = (2.1, shown.MeanTimeBetweenFailuresS);
        shown.IntervalS.ShouldBe(
            (Math.Sqrt(2 * c * m) * (1 + (Math.Sqrt(c / (2 * m)) / 3) + (c / (2 * m) / 9))) - c, 1e-5);
        shown.YoungIntervalS.ShouldBe(Math.Sqrt(2 * c * m), 1e-5);
        shown.Formula.ShouldContain("Daly 2006");
        (shown.EverySteps, shown.FromStep, shown.PreviousEverySteps).ShouldBe((900UL, 400UL, 120UL));
    }

    [Fact]
    public void WithSaveInterval_NoSaveMeasuredAndNoPlan_SaysWhatHoldsUntilThen()
    {
        var shown = Show(Trained() with { SaveCostsMs = [], SavePlan = null });

        shown.SaveCostMs.ShouldBe(0u);
        shown.IntervalS.ShouldBe(60);
        shown.YoungIntervalS.ShouldBe(0);
        shown.EverySteps.ShouldBe(0UL);
    }

    [Fact]
    public void WithSaveInterval_JobWithoutStore_ShowsNone()
    {
        var state = Trained();

        new Proto.Job().WithSaveInterval(state with { Spec = state.Spec! with { CheckpointStore = "" } }, Start)
            .SaveInterval.ShouldBeNull();
    }

    private static Proto.SaveInterval Show(JobState state) =>
        new Proto.Job().WithSaveInterval(state, Start.AddMinutes(20)).SaveInterval.ShouldNotBeNull();

    private static JobState Trained() => new()
    {
        Id = "job",
        Spec = new JobSpec
        {
            Name = "job",
            Nodes = 2,
            RanksPerNode = 8,
            Command = ["python3"],
            WorkingDirectory = "/srv",
            CheckpointStore = "/srv/checkpoints",
        },
        IncidentCount = 3,
        OtherIncidents = 1,
        SaveCostsMs = [2000, 2100, 9000],
        SavePlan = new SavePlan(900, 400, 120),
        Ledger = new Ledger
        {
            Settled =
            [
                new AccountTime(Account.Productive, TimeSpan.FromMinutes(30)),
                new AccountTime(Account.Lost, TimeSpan.FromMinutes(10)),
                new AccountTime(Account.Launching, TimeSpan.FromMinutes(5)),
            ],
            Open = Account.Unsaved,
            Since = Start,
        },
    };
}
