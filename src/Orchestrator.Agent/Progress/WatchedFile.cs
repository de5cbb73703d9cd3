namespace Orchestrator.Agent.Progress;

/// <summary>A file of which only the changes count: an empty line for each look that finds it written again.</summary>
internal sealed class WatchedFile(string path) : IFollowed
{
    private static readonly string[] OneChange = [""];

    public FileMark Mark { get; set; } = FileMark.Missing;

    public IReadOnlyList<string> Read(bool isLast)
    {
        var now = FileMark.AtEndOf(path);
        var hasChanged = now.Position >= 0 && (now.Position, now.WrittenAt) != (Mark.Position, Mark.WrittenAt);
        // A file that is gone for a moment, while it is replaced, has not changed.
        if (hasChanged)
            Mark = now;
        return hasChanged ? OneChange : [];
    }
}
