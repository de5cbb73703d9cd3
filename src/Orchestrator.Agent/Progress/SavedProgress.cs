namespace Orchestrator.Agent.Progress;

/// <summary>How far a rank is, as it is kept for the next agent.</summary>
/// <param name="HighestStep">Highest step finished; 0 without reports.</param>
/// <param name="FirstStep">First step finished in the attempt; 0 before it.</param>
/// <param name="Marks">
/// How far each followed file was read when that was the highest step; null where the script reports. Kept together,
/// so that the next agent counts each line once.
/// </param>
internal sealed record SavedProgress(ulong HighestStep, ulong FirstStep, IReadOnlyList<FileMark>? Marks = null)
{
    public static SavedProgress None { get; } = new(0, 0);

    /// <summary>Before a rank starts: what its files hold already is not its own.</summary>
    public static SavedProgress AtLaunch(ProgressRule? rule) =>
        None with { Marks = rule?.Files.Select(AtEndOf).ToArray() };

    private static FileMark AtEndOf(string path)
    {
        try
        {
            return FileMark.AtEndOf(path);
        }
        catch (IOException)
        {
            // Each look meets the same and says so; a rank does not fail to start for want of progress.
            return FileMark.Missing;
        }
    }
}
