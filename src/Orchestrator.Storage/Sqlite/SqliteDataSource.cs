using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Opens connections to the database file, each with the settings that SQLite keeps per connection.</summary>
/// <param name="path">The full path of the database file.</param>
/// <remarks>
/// <c>synchronous = FULL</c>: every commit is on the disk before the grain acts on it. Attempt and lease numbers fence
/// old ranks off; one that a power cut took back could be given out twice. The weaker NORMAL would survive the kill of
/// the process just as well (the write-ahead log is in the kernel's hands by then), but a power cut could cost the
/// last commits. With FULL a power cut costs what was not committed, provided that the disk keeps its promise to sync.
/// </remarks>
internal sealed class SqliteDataSource(string path) : DbDataSource
{
    private static readonly string Settings = string.Create(
        CultureInfo.InvariantCulture,
        $"PRAGMA busy_timeout = {(int)StorageLimits.BusyWait.TotalMilliseconds}; PRAGMA synchronous = FULL;");

    public override string ConnectionString { get; } = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        // A file that has vanished must be an error; only initializing makes a new one.
        Mode = SqliteOpenMode.ReadWrite,
        DefaultTimeout = (int)StorageLimits.BusyWait.TotalSeconds,
        Pooling = true,
    }.ToString();

    protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);

    protected override DbConnection OpenDbConnection() => Open();

    // Microsoft.Data.Sqlite has no asynchronous work to do: opening a pooled connection takes microseconds.
    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<DbConnection>(Open());
    }

    /// <summary>Opens a connection, typed.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Settings;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Closes the pooled connections; the last one to close folds the write-ahead log into the file.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            using var connection = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(connection);
        }

        base.Dispose(disposing);
    }
}
