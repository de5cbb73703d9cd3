namespace Orchestrator.Storage.Sqlite;

/// <summary>Keeps a second silo off a data folder. When the process ends, however it ends, so does the lock.</summary>
internal sealed class DataFolderLock : IDisposable
{
    // How .NET reports a file that another process has claimed, per system.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or answers null where another process or host holds it.</summary>
    /// <exception cref="IOException">The lock file cannot be opened for another reason.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the lock file is not ours to write.</exception>
    public static DataFolderLock? TryTake(string databasePath)
    {
        try
        {
            return new DataFolderLock(
                new FileStream(databasePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error) when (
            error.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
