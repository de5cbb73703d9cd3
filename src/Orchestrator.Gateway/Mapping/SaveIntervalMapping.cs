using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Jobs;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Gateway.Mapping;

/// <summary>How often a job does best to save, as the control API shows it.</summary>
internal static class SaveIntervalMapping
{
    public static Proto.Job WithSaveInterval(this Proto.Job job, JobState state, DateTimeOffset now)
    {
        if (SaveAdvice.Of(state, now) is { } advice)
        {
            job.SaveInterval = advice.ToProto(state.SavePlan);
        }

        return job;
    }

    private static Proto.SaveInterval ToProto(this SaveAdvice advice, SavePlan? plan) => new()
    {
        MeanTimeBetweenFailuresS = advice.MeanTimeBetweenFailures.TotalSeconds,
        SaveCostMs = (uint)(advice.SaveCost?.TotalMilliseconds ?? 0),
        IntervalS = advice.Interval.TotalSeconds,
        YoungIntervalS = advice.SaveCost is { } cost
            ? SaveInterval.Young(cost, advice.MeanTimeBetweenFailures).TotalSeconds
            : 0,
        Formula = SaveInterval.Formula,
        Failures = (uint)advice.Failures,
        ObservedS = advice.Observed.TotalSeconds,
        EverySteps = (ulong)(plan?.EverySteps ?? 0),
        FromStep = (ulong)(plan?.FromStep ?? 0),
        PreviousEverySteps = (ulong)(plan?.PreviousEverySteps ?? 0),
    };
}
