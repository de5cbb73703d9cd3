using CsCheck;
using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Jobs;

public sealed class SavePlanningTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.5);

    [Fact]
    public void Replan_TwoStepsSeen_SavesOnceAMinuteUntilASaveIsMeasured()
    {
        var job = Running();

        var plan = SavePlanning.Replan(job, At(job, step: 7), job.Now).SavePlan;

        plan.ShouldBe(new SavePlan(EverySteps: 120, FromStep: 7 + 1 + 30, PreviousEverySteps: 0));
    }

    [Fact]
    public void Replan_StepIsOldNews_CountsFromLater()
    {
        var job = Running();
        var progress = At(job, step: 7) with { FinishedAt = job.Now - TimeSpan.FromSeconds(4) };

        SavePlanning.Replan(job, progress, job.Now).SavePlan!.FromStep.ShouldBe(7 + 1 + 38);
    }

    [Fact]
    public void Replan_StepsTakeAMinute_CountsFromTheStepAfterNext()
    {
        var job = Running();
        var progress = At(job, step: 7) with { MedianStep = TimeSpan.FromMinutes(1) };

        SavePlanning.Replan(job, progress, job.Now).SavePlan.ShouldBe(new SavePlan(1, 9, 0));
    }

    [Fact]
    public void Replan_ScriptDecidesByItself_HasNoPlan()
    {
        var job = AJob.Running(change: spec => spec with { CheckpointStore = "/srv/checkpoints" });

        SavePlanning.Replan(job, At(job, step: 7), job.Now).ShouldBeSameAs(job.State);
    }

    [Fact]
    public void Replan_OneStepSeenOrNone_HasNoPlanYet()
    {
        var job = Running();

        SavePlanning.Replan(job, null, job.Now).ShouldBeSameAs(job.State);
        SavePlanning.Replan(job, At(job, step: 1) with { MedianStep = null }, job.Now).ShouldBeSameAs(job.State);
    }

    [Fact]
    public void Replan_AHostIsAway_Waits()
    {
        var job = Running().LosesContact("n1");
        SavePlanning.Replan(job, At(job, step: 7), job.Now).ShouldBeSameAs(job.State);

        job.Regains("n1");
        SavePlanning.Replan(job, At(job, step: 7), job.Now).SavePlan.ShouldNotBeNull();
    }

    [Fact]
    public void Replan_SaveMeasured_FollowsTheFormulaAndKnowsThePlanBefore()
    {
        var job = Planned();
        job.Saves(120, saveMs: 200);

        var plan = Replan(job, step: 121, after: TimeSpan.FromMinutes(1)).SavePlan!;

        var advice = SaveAdvice.Of(job, job.Now)!;
        advice.SaveCost.ShouldBe(TimeSpan.FromMilliseconds(205));
        advice.Interval.ShouldBe(SaveInterval.Daly(
            TimeSpan.FromMilliseconds(205), FailureRate.MeanTimeBetween(2, 0, advice.Observed)));
        plan.EverySteps.ShouldBe((long)Math.Round(advice.Interval / Step));
        plan.PreviousEverySteps.ShouldBe(120);
        plan.FromStep.ShouldBe(121 + 1 + 30);
    }

    [Fact]
    public void Replan_PlanDoesNotCountYet_StaysSoThatRanksNeedNoThird()
    {
        var job = Planned();
        job.Saves(20, saveMs: 200);

        Replan(job, step: 38, after: TimeSpan.FromMinutes(1)).ShouldBeSameAs(job.State);
    }

    [Fact]
    public void Replan_Often_StaysForAWhile()
    {
        var job = Planned();
        job.Saves(120, saveMs: 200);

        Replan(job, step: 121, after: TimeSpan.FromSeconds(29)).ShouldBeSameAs(job.State);
    }

    [Theory]
    [InlineData(0.5 / 1.19, false)]
    [InlineData(0.5 / 1.22, true)]
    [InlineData(0.5 * 1.22, false)]
    [InlineData(0.5 * 1.27, true)]
    public void Replan_PaceChanges_FollowsOnlyWhatIsFarOff(double step, bool isNew)
    {
        var job = Planned();
        job.After(TimeSpan.FromMinutes(5));

        var progress = At(job, step: 500) with { MedianStep = TimeSpan.FromSeconds(step) };

        (SavePlanning.Replan(job, progress, job.Now).SavePlan != job.State.SavePlan).ShouldBe(isNew);
    }

    [Fact]
    public void Replan_LongerBeforeTheFirstSave_WaitsForThatSave()
    {
        var job = Planned();
        job.After(TimeSpan.FromMinutes(5));
        var faster = At(job, step: 119) with { MedianStep = Step / 2 };

        SavePlanning.Replan(job, faster, job.Now).ShouldBeSameAs(job.State, "it would put the save off");
        SavePlanning.Replan(job, faster with { Step = 120 }, job.Now).SavePlan!.EverySteps.ShouldBe(240);
    }

    [Fact]
    public void Replan_NextAttempt_KeepsThePlan()
    {
        var job = Planned().Steps(45);
        var plan = job.State.SavePlan;

        job.Exits("n0", AnExit.Crash()).Stops().Prepares().Starts();

        job.State.Attempt.ShouldBe(2);
        job.State.SavePlan.ShouldBe(plan);
        Replan(job, step: 3, after: TimeSpan.FromMinutes(5)).ShouldBeSameAs(job.State);
    }

    [Fact]
    public void Launch_PlanIsKnown_TellsItToEveryHost()
    {
        var job = Planned().Steps(45);

        job.Exits("n0", AnExit.Crash()).Stops().Prepares();

        var launches = JobOrders.Due(job).Select(due => due.Order.Body).OfType<LaunchOrder>().ToArray();
        launches.Length.ShouldBe(2);
        launches.ShouldAllBe(launch => launch.SavePlan == job.State.SavePlan);
    }

    [Fact]
    public void Advice_FailuresOfTraining_ShortenTheIntervalAndOthersDoNot()
    {
        var job = Planned().Steps(45);
        job.Saves(120, saveMs: 200);
        var before = SaveAdvice.Of(job, job.Now)!;

        job.Exits("n0", AnExit.Crash()).Stops().Prepares().Starts();
        var after = SaveAdvice.Of(job, job.Now)!;
        job.Exits("n0", AnExit.Crash()).Stops().WaitsOut().Prepares().Starts();
        var unbegun = SaveAdvice.Of(job, job.Now)!;

        after.Failures.ShouldBe(1);
        after.MeanTimeBetweenFailures.ShouldBe(FailureRate.MeanTimeBetween(2, 1, after.Observed));
        after.Interval.ShouldBeLessThan(before.Interval);
        job.State.IncidentCount.ShouldBe(2);
        unbegun.Failures.ShouldBe(1, "the second attempt had trained nothing");
    }

    [Fact]
    public void Advice_JobWithoutStore_IsNone() =>
        SaveAdvice.Of(AJob.Running(change: spec => spec with { CheckpointStore = "" }), Moments.Start).ShouldBeNull();

    [Fact]
    public void SaveCosts_AreOfTheSlowestRankAndTheirMedian()
    {
        var job = Running().Steps(1);
        int[] costs = [100, 900, 110, 120, 105, 130];
        foreach (var (cost, number) in costs.Select((cost, number) => (cost, number + 1)))
        {
            job.Saves(10 * number, saveMs: cost);
        }

        job.State.SaveCostsMs.ShouldBe([905, 115, 125, 110, 135], "the newest five, each by the slower of two ranks");
        SaveAdvice.Of(job, job.Now)!.SaveCost.ShouldBe(TimeSpan.FromMilliseconds(125));
    }

    [Fact]
    public void SaveCosts_NobodyMeasured_AreNotKnown() =>
        Running().Steps(1).Saves(10).State.SaveCostsMs.ShouldBeEmpty();

    /// <summary>
    /// One rank hears of plans later than another, steps get up to three times as fast meanwhile, and they agree.
    /// </summary>
    [Fact]
    public void Replan_AnyFigures_RanksThatHearLateSaveAtTheSameSteps() =>
        Gen.Select(Gen.Double[0.1, 2], Gen.Double[1, 3].Array[12], Gen.Double[0, 4], Gen.Int[1, 5000]).Sample(
            (fastest, paces, delay, cost) =>
        {
            var job = Running().Steps(1);
            var (prompt, late) = (new HeardPlans(TimeSpan.Zero), new HeardPlans(TimeSpan.FromSeconds(delay)));
            long step = 1;
            foreach (var pace in paces.Select(pace => pace * fastest))
            {
                var steps = (int)Math.Ceiling(40 / pace);
                for (var n = 0; n < steps; n++)
                {
                    step++;
                    job.After(TimeSpan.FromSeconds(pace));
                    prompt.Says(step, job.Now).ShouldBe(late.Says(step, job.Now), $"step {step}");
                    if (prompt.Says(step, job.Now))
                    {
                        job.Saves(step, cost);
                    }

                    var progress = At(job, step) with { MedianStep = TimeSpan.FromSeconds(pace) };
                    job.Becomes(SavePlanning.Replan(job, progress, job.Now));
                    prompt.Hear(job.State.SavePlan, job.Now);
                    late.Hear(job.State.SavePlan, job.Now);
                }
            }
        }, iter: 30);

    private static AJob Running() => AJob.Running(change: spec => spec with { HasAutoInterval = true });

    /// <summary>With its first plan: every 120 steps from step 38 on.</summary>
    private static AJob Planned()
    {
        var job = Running();
        return job.Becomes(SavePlanning.Replan(job, At(job, step: 7), job.Now));
    }

    private static JobState Replan(AJob job, long step, TimeSpan after)
    {
        job.After(after);
        return SavePlanning.Replan(job, At(job, step), job.Now);
    }

    private static JobProgress At(AJob job, long step) => new(step, job.Now, 2) { MedianStep = Step };

    /// <summary>What a rank knows that hears of each plan after a time, and what it does by it.</summary>
    private sealed class HeardPlans(TimeSpan delay)
    {
        private readonly List<(SavePlan Plan, DateTimeOffset At)> _heard = [];

        public void Hear(SavePlan? plan, DateTimeOffset now)
        {
            if (plan is not null && (_heard.Count == 0 || _heard[^1].Plan != plan))
            {
                _heard.Add((plan, now + delay));
            }
        }

        public bool Says(long step, DateTimeOffset now)
        {
            var plan = _heard.LastOrDefault(heard => heard.At <= now).Plan;
            var every = plan is null ? 0 : step >= plan.FromStep ? plan.EverySteps : plan.PreviousEverySteps;
            return every > 0 && step % every == 0;
        }
    }
}
