using Orchestrator.Domain.Checkpoints;

namespace Orchestrator.Domain.Jobs;

/// <summary>
/// The rules of going on from an earlier checkpoint: what runs is stopped as planned, and the next attempt, for
/// whatever cause it begins, resumes from the chosen one.
/// </summary>
public static class JobRewind
{
    /// <summary>No attempt writes under this number: what comes is taken in by nobody.</summary>
    private const int NoAttempt = -1;

    /// <summary>The current attempt is stopped because a person wants to go on from an earlier checkpoint.</summary>
    /// <param name="state">The record.</param>
    /// <returns>True from the request to the next attempt.</returns>
    public static bool IsRewinding(this JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Rewind is { } rewind && rewind.EndsAttempt == state.Attempt;
    }

    /// <summary>
    /// Nothing failed: the ranks are given their grace, and what they say meanwhile is no cause of anything.
    /// </summary>
    /// <param name="state">The record.</param>
    /// <returns>True while the gang is stopped for a drain or a rewind.</returns>
    public static bool IsStoppedAsPlanned(this JobState state) => state.IsRelocating() || state.IsRewinding();

    /// <summary>The checkpoint that the next attempt resumes from.</summary>
    /// <param name="state">The record.</param>
    /// <returns>
    /// The chosen one, or the newest. Where the chosen one was lost meanwhile, the one before it comes nearest to what
    /// was asked for. Null: from nothing.
    /// </returns>
    public static CheckpointManifest? Next(JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var newest = state.Checkpoints.Newest;
        if (state.Rewind is not { Checkpoint: var chosen })
        {
            return newest;
        }

        // By its name first: a later attempt may count its steps from the beginning again.
        var restorable = state.Checkpoints.Committed.Where(manifest => manifest.IsRestorable).ToArray();
        return restorable.FirstOrDefault(manifest => manifest.Id == chosen)
            ?? restorable.FirstOrDefault(manifest => manifest.Step <= chosen.Step)
            ?? newest;
    }

    /// <summary>
    /// The attempt whose new checkpoints are taken in. What is saved while a rewind is under way would be superseded at
    /// once, and must not take the place of what is resumed from.
    /// </summary>
    internal static int SavingAttempt(JobState state) => state.Rewind is null ? state.Attempt : NoAttempt;

    /// <summary>Notes the wish. Where an attempt is under way, it is the one to be stopped.</summary>
    internal static JobState Wish(
        JobState state, CheckpointManifest target, RewindRequest request, DateTimeOffset now)
    {
        var isUnderWay = state.Phase is JobPhase.Preparing or JobPhase.Launching or JobPhase.Running;
        var why = request.Why.Trim();
        var asked = $"{request.Owner} asked to go on from step {target.Step}{(why.Length > 0 ? $": {why}" : ".")}";
        return state with
        {
            Rewind = new Rewind(
                target.Id,
                isUnderWay ? state.Attempt : state.Rewind?.EndsAttempt ?? 0,
                request.Owner,
                new Reason("rewound", asked),
                now),
        };
    }

    /// <summary>
    /// The next attempt fulfils the wish. Its progress is measured from where it begins: steps that are made once more
    /// are no standstill.
    /// </summary>
    internal static JobState Fulfil(JobState state, CheckpointManifest? resume) => state.Rewind is null
        ? state
        : state with
        {
            Rewind = null,
            BestStep = resume?.Step ?? 0,
            BestCheckpoint = resume?.Step ?? 0,
            FruitlessAttempts = 0,
            BarrenAttempts = 0,
        };
}
