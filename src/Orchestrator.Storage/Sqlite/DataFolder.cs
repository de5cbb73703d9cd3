namespace Orchestrator.Storage.Sqlite;

/// <summary>Makes the folder that holds the database.</summary>
internal static class DataFolder
{
    /// <summary>Creates it where it is missing, for its owner only: records carry command lines.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
