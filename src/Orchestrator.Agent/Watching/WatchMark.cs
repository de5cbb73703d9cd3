namespace Orchestrator.Agent.Watching;

/// <summary>Which file of a rank was taken last, kept for the next agent.</summary>
/// <param name="Newest">
/// That file; before the first one what the launch found, which is not the attempt's own; null where nothing was there.
/// </param>
/// <param name="Step">Its step; before the first one the step that the attempt goes on from.</param>
internal sealed record WatchMark(FileStamp? Newest, ulong Step)
{
    /// <summary>Before a rank starts.</summary>
    public static WatchMark AtLaunch(WatchRule rule, ulong resumedStep)
    {
        try
        {
            return new WatchMark(rule.Newest(), resumedStep);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Each look meets the same and says so; a rank does not fail to start for want of a look.
            return new WatchMark(null, resumedStep);
        }
    }

    /// <summary>The file was written since. Times of one file system are compared, and none of another clock.</summary>
    public bool IsBefore(FileStamp file) => Newest is null || file.WrittenAt > Newest.WrittenAt
        || (file.Path == Newest.Path && file != Newest);

    /// <summary>
    /// The step of a file: the number in its name where parts of several ranks find each other by it; else the newest
    /// step that the rank told when the file was first seen; else one more than the last, since a checkpoint of a
    /// lower step would not count.
    /// </summary>
    /// <param name="rule">The rule.</param>
    /// <param name="file">The file.</param>
    /// <param name="toldStep">The highest step that the rank told; 0 for none.</param>
    /// <returns>Null for a file that cannot be given one.</returns>
    public ulong? StepOf(WatchRule rule, FileStamp file, ulong toldStep)
    {
        if (rule.IsNumbered)
            return rule.Pattern.NumberIn(rule.Pattern.NameOf(file.Path)) is { } number && number > Step ? number : null;
        return rule.KnowsSteps && toldStep > Step ? toldStep : Step + 1;
    }
}
