using Orchestrator.Domain.Checkpoints;

namespace Orchestrator.Domain.Jobs;

/// <summary>The rules of when ranks save that leave it to Orchestrator.</summary>
public static class SavePlanning
{
    /// <summary>
    /// A plan counts only from a step that no rank finishes sooner than this, 15 s. Until then it has to reach every
    /// host and be told with the next answer to each rank's report, once a second; and the step that is known is up to
    /// two seconds old.
    /// </summary>
    public static readonly TimeSpan Notice = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A plan stays for at least this long, 30 s, so that nothing is sent because a figure moves to and fro.
    /// </summary>
    public static readonly TimeSpan ShortestPlan = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A plan that is off by less than this stays: a fifth of the interval costs the run next to nothing.
    /// </summary>
    private const double Tolerance = 0.2;

    /// <summary>More steps than any job makes; a bound on what extreme figures would ask for.</summary>
    private const double MostSteps = 1e12;

    /// <summary>Looks whether ranks are to save at other steps than before.</summary>
    /// <param name="state">The record.</param>
    /// <param name="progress">The progress of its attempt; null when nothing is known of it.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record with the plan; the same reference when it stays as it is.</returns>
    public static JobState Replan(JobState state, JobProgress? progress, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (progress is not { MedianStep: { Ticks: > 0 } step } || !MayPlan(state)
            || SaveAdvice.Of(state, now) is not { } advice)
        {
            return state;
        }

        var every = (long)Math.Clamp(Math.Round(advice.Interval / step), 1, MostSteps);
        return state.SavePlan is { } plan && !MayReplace(plan, every, state, progress, now)
            ? state
            : state with
            {
                SavePlan = new SavePlan(every, FirstStep(progress, step, now), state.SavePlan?.EverySteps ?? 0),
                SavePlannedAt = now,
            };
    }

    /// <summary>A host that is away would not hear of the plan in time.</summary>
    private static bool MayPlan(JobState state) =>
        state is { Phase: JobPhase.Running, Spec.HasAutoInterval: true }
        && state.Gang.All(member => member.Report is { IsConnected: true });

    private static bool MayReplace(
        SavePlan plan, long every, JobState state, JobProgress progress, DateTimeOffset now)
    {
        // Ranks know two plans, the newest and the one before: a third must not come before the newest counts.
        var counts = progress.Step > plan.FromStep;
        // Saves drift apart only from one that was made: figures that waver never put it off again and again.
        var firstSave = (plan.FromStep + plan.EverySteps - 1) / plan.EverySteps * plan.EverySteps;
        return counts
            && (state.SavePlannedAt is not { } plannedAt || now - plannedAt >= ShortestPlan)
            && Math.Abs(every - plan.EverySteps) > Tolerance * plan.EverySteps
            && (every < plan.EverySteps || progress.Step >= firstSave);
    }

    /// <summary>The step that is known may be over for a while, and the next one may end at any moment.</summary>
    private static long FirstStep(JobProgress progress, TimeSpan step, DateTimeOffset now)
    {
        var age = now > progress.FinishedAt ? now - progress.FinishedAt : TimeSpan.Zero;
        return progress.Step + 1 + (long)Math.Clamp(Math.Ceiling((age + Notice) / step), 1, MostSteps);
    }
}
