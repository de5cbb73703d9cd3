using Orchestrator.Domain.Jobs;

namespace Orchestrator.Domain.Recovery;

/// <summary>The witness against hosts that say nothing and close nothing: frozen, or cut off.</summary>
/// <remarks>
/// Ranks of a synchronous job wait for each other, so one frozen host holds up every step while the others hang in a
/// collective and end no process. Silence alone may be the agent's; together with training that stands still it is the
/// host's.
/// </remarks>
public static class Standstill
{
    /// <summary>How long training may finish no step before it stands still.</summary>
    /// <param name="progress">The progress of the attempt; null when nothing is known of it.</param>
    /// <returns>Null when it cannot be told: too few steps, or not in ordinary training.</returns>
    public static TimeSpan? Bound(JobProgress? progress)
    {
        if (progress is not { IsTraining: true, UsualStep: { } usual })
        {
            return null;
        }

        var bound = usual * Timings.StandstillSteps;
        return bound > Timings.Standstill ? bound : Timings.Standstill;
    }

    /// <summary>Silent hosts that are convicted because training stands still since.</summary>
    /// <param name="state">The record of the job.</param>
    /// <param name="progress">The progress of its attempt; null when nothing is known of it.</param>
    /// <returns>The hosts, each with the evidence in one sentence.</returns>
    public static IEnumerable<(GangMember Member, Reason Reason)> Convicted(JobState state, JobProgress? progress)
    {
        ArgumentNullException.ThrowIfNull(state);
        // With every host silent no witness is left, and the fault is more likely on the control plane's side.
        if (state.Phase != JobPhase.Running || !state.Spec!.IsSynchronous || Bound(progress) is not { } bound
            || state.Gang.All(member => member.IsSilent))
        {
            yield break;
        }

        // Measured up to the last word of a rank elsewhere: without one, nobody saw training stand still.
        var silent = state.Gang.Where(member => member.IsSilent && !FailureSearch.IsDone(state, member))
            .Select(member => (Member: member, Since: SilentSince(member)))
            .Select(entry => (entry.Member, entry.Since, Stood: progress!.HeardAt - Later(entry.Since, progress)))
            .ToArray();
        if (!silent.Any(entry => entry.Stood > bound))
        {
            yield break;
        }

        // One fault's silences are noticed a moment apart, and once the gang is stopped nobody sees it stand still.
        foreach (var (member, since, _) in silent.Where(entry => entry.Stood > bound / 2))
        {
            yield return (member, Evidence(member.Node, since, progress!));
        }
    }

    private static DateTimeOffset SilentSince(GangMember member) => member.SilentSince ?? member.Report!.NewsAt;

    private static DateTimeOffset Later(DateTimeOffset silentSince, JobProgress progress) =>
        silentSince > progress.FinishedAt ? silentSince : progress.FinishedAt;

    private static Reason Evidence(string node, DateTimeOffset silentSince, JobProgress progress) => new(
        "host_lost",
        $"{node} is lost: silent for {Seconds(progress.HeardAt - silentSince)} s, while training stands still since "
        + $"step {progress.Step}, {Seconds(progress.HeardAt - progress.FinishedAt)} s ago, where a step usually takes "
        + $"{progress.UsualStep!.Value.TotalSeconds:0.00} s.");

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds:0.0}";
}
