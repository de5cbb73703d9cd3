namespace Orchestrator.Agent.Watching;

/// <summary>Moves aside what an attempt left that is over, and that the next one does not go on from.</summary>
internal static class Superseded
{
    public const string Ending = ".superseded";

    /// <summary>Renames files; what has that name already came from an earlier attempt, and makes room.</summary>
    /// <exception cref="IOException">One is there and cannot be renamed.</exception>
    public static void MoveAside(IEnumerable<FileStamp> files)
    {
        foreach (var file in files)
        {
            try
            {
                File.Move(file.Path, file.Path + Ending, overwrite: true);
            }
            catch (FileNotFoundException)
            {
                // Another host of the gang sees the same folder, and was first.
            }
        }
    }
}
