using Orchestrator.Domain.Accounts;
using Orchestrator.Domain.Checkpoints;

namespace Orchestrator.Domain.Jobs;

/// <summary>How often a job does best to save, and what that follows from.</summary>
/// <param name="Failures">Failures that stopped its training so far.</param>
/// <param name="Observed">Its training time so far.</param>
/// <param name="MeanTimeBetweenFailures">By <see cref="FailureRate"/>.</param>
/// <param name="SaveCost">What a save holds training up; null until one was measured.</param>
public sealed record SaveAdvice(
    int Failures, TimeSpan Observed, TimeSpan MeanTimeBetweenFailures, TimeSpan? SaveCost)
{
    /// <summary>
    /// Training between two saves as long as none was measured, 60 s: what a save costs is learnt by saving, and a job
    /// of a few GPUs fails so seldom that the first save by a guess of its cost might come after hours.
    /// </summary>
    public static readonly TimeSpan UntilMeasured = TimeSpan.FromSeconds(60);

    /// <summary>Training between two saves.</summary>
    public TimeSpan Interval =>
        SaveCost is { } cost ? SaveInterval.Best(cost, MeanTimeBetweenFailures) : UntilMeasured;

    /// <summary>What it is by a job's record.</summary>
    /// <param name="state">The record.</param>
    /// <param name="now">Now.</param>
    /// <returns>Null for a job that keeps no checkpoints.</returns>
    public static SaveAdvice? Of(JobState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Spec is not { CheckpointStore.Length: > 0 } spec)
        {
            return null;
        }

        var failures = state.IncidentCount - state.OtherIncidents;
        var observed = Training(state.Ledger?.At(now));
        return new SaveAdvice(
            failures,
            observed,
            // One rank per GPU.
            FailureRate.MeanTimeBetween(spec.WorldSize, failures, observed),
            SaveCosts.Median(state.SaveCostsMs));
    }

    private static TimeSpan Training(Ledger? ledger) => ledger is null
        ? TimeSpan.Zero
        : ledger.On(Account.Unsaved) + ledger.On(Account.Productive) + ledger.On(Account.Lost);
}
