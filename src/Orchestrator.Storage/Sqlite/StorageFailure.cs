using Microsoft.Data.Sqlite;
using Orchestrator.Storage.Schema;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Turns what SQLite and the file system throw at us into reports that say what to do.</summary>
internal static class StorageFailure
{
    // SQLite's primary result codes.
    private const int Busy = 5;
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>The report for an error, or null for one that is a bug.</summary>
    public static StorageReport? Explain(string path, Exception error) => error switch
    {
        SqliteException { SqliteErrorCode: NotADatabase } => new StorageReport(
            StorageState.Foreign,
            null,
            $"{path} is not a SQLite database. Name another data folder, or move this file away."),
        SqliteException { SqliteErrorCode: Corrupt } => Damaged(path, error.Message),
        SqliteException { SqliteErrorCode: Busy } => Unusable(
            path, "another process holds it; end that process, such as a database shell with an open transaction"),
        SqliteException or IOException or UnauthorizedAccessException => Unusable(
            path,
            $"{error.Message.TrimEnd('.')}; check that folder and file can be read and written and the disk has room"),
        _ => null,
    };

    public static StorageReport Damaged(string path, string finding) => new(
        StorageState.Damaged,
        null,
        $"{path} is damaged ({finding.TrimEnd('.')}). Restore a backup, and check the disk.");

    public static StorageReport NoWriteAheadLog(string path) => Unusable(
        path, "its file system cannot keep a write-ahead log; put the data folder on a local disk");

    private static StorageReport Unusable(string path, string reason) =>
        new(StorageState.Unusable, null, $"{path} cannot be used: {reason}.");
}
