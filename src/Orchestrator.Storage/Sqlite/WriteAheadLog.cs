using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>
/// Journal mode WAL: readers go on while a record is written, and a commit costs one sync instead of two. The mode is
/// kept in the file, so it is set once.
/// </summary>
internal static class WriteAheadLog
{
    /// <summary>Answers false where the file system lacks the shared memory that the log needs.</summary>
    public static bool TrySwitchOn(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        return command.ExecuteScalar() is "wal";
    }
}
