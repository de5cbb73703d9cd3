using System.Globalization;
using Orchestrator.Storage.Schema;

namespace Orchestrator.Storage.Sqlite;

/// <summary>The database file of a data folder: looks at it, creates it, migrates it.</summary>
/// <remarks>
/// Refusals are reports, not exceptions; see <see cref="StorageReport"/>. A silo that was given the folder initializes
/// it by itself at start, so these methods are for tools such as <c>storage init</c> and <c>storage check</c>.
/// </remarks>
public sealed class SqliteStorage : ISchemaStorage
{
    private const string FileName = "orchestrator.db";

    private readonly IReadOnlyList<Migration> _migrations;
    private readonly SqliteDialect _dialect;
    private readonly TimeProvider _clock;
    private DataFolderLock? _claim;

    /// <summary>Names a data folder; nothing is opened or created yet.</summary>
    /// <param name="options">Where the folder is.</param>
    /// <param name="clock">Stamps applied migrations, for people; the system's clock where none is given.</param>
    /// <exception cref="ArgumentException">The options name no folder.</exception>
    public SqliteStorage(StorageOptions options, TimeProvider? clock = null)
        : this(options, Migration.Sqlite, clock ?? TimeProvider.System)
    {
    }

    internal SqliteStorage(StorageOptions options, IReadOnlyList<Migration> migrations, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrWhiteSpace(options.DataFolder))
            throw new ArgumentException(
                "The storage's data folder is empty. Name the folder that holds, or shall hold, the database.",
                nameof(options));

        _migrations = migrations;
        _clock = clock;
        DatabasePath = Path.Combine(Path.GetFullPath(options.DataFolder), FileName);
        DataSource = new SqliteDataSource(DatabasePath);
        _dialect = new SqliteDialect(DatabasePath);
    }

    /// <summary>The full path of the database file.</summary>
    public string DatabasePath { get; }

    internal SqliteDataSource DataSource { get; }

    /// <summary>Looks at the database without changing it, and has SQLite read all of it for damage.</summary>
    /// <param name="cancellationToken">Ends the wait for a check that has not begun.</param>
    /// <returns>What was found and what to do about it. A running silo does not disturb it.</returns>
    public Task<StorageReport> CheckAsync(CancellationToken cancellationToken = default) =>
        RunAsync(() => Inspect(readAll: true), cancellationToken);

    /// <summary>Creates the folder and the database where they are missing, and applies missing migrations.</summary>
    /// <param name="cancellationToken">Ends the wait for work that has not begun.</param>
    /// <returns>
    /// <see cref="StorageState.Ready"/>, or why it is not. A refused database is left as it was. Calling it again on
    /// a ready one changes nothing.
    /// </returns>
    public Task<StorageReport> InitializeAsync(CancellationToken cancellationToken = default) =>
        RunAsync(Initialize, cancellationToken);

    /// <summary>Initializes, then keeps other silos off the folder until it is released.</summary>
    internal Task<StorageReport> ClaimAsync(CancellationToken cancellationToken) =>
        RunAsync(
            () =>
            {
                var report = Initialize();
                if (!report.IsReady || _claim is not null)
                    return report;
                _claim = DataFolderLock.TryTake(DatabasePath);
                return _claim is null ? InUse() : report;
            },
            cancellationToken);

    internal void Release()
    {
        _claim?.Dispose();
        _claim = null;
    }

    /// <summary>Closes the connections to the file and lets go of the folder.</summary>
    public void Dispose()
    {
        DataSource.Dispose();
        Release();
    }

    // SQLite's calls block, so they run on a pool thread and not on the caller's.
    private Task<StorageReport> RunAsync(Func<StorageReport> work, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                try
                {
                    return work();
                }
                catch (Exception error) when (StorageFailure.Explain(DatabasePath, error) is not null)
                {
                    return StorageFailure.Explain(DatabasePath, error)!;
                }
            },
            cancellationToken);

    private StorageReport Inspect(bool readAll)
    {
        if (!File.Exists(DatabasePath))
            return new StorageReport(
                StorageState.Missing, null, $"There is no {DatabasePath} yet. Initialize the storage to create it.");

        using var connection = DataSource.Open();
        var report = new SchemaInspection(_dialect, _migrations).Inspect(connection);
        return readAll && report.IsReady && DamageCheck.Find(connection) is { } damage
            ? StorageFailure.Damaged(DatabasePath, damage)
            : report;
    }

    private StorageReport Initialize()
    {
        var found = Inspect(readAll: false);
        if (!found.CanInitialize)
            return found;

        DataFolder.Create(Path.GetDirectoryName(DatabasePath)!);
        using var claim = _claim is null ? DataFolderLock.TryTake(DatabasePath) : null;
        if (_claim is null && claim is null)
            return InUse();

        // SQLite takes an empty file for an empty database, and its companions inherit the file's permissions.
        File.Open(DatabasePath, FileMode.OpenOrCreate).Dispose();
        using var connection = DataSource.Open();
        if (!WriteAheadLog.TrySwitchOn(connection))
            return StorageFailure.NoWriteAheadLog(DatabasePath);
        using var transaction = connection.BeginTransaction(deferred: false);
        var report = new SchemaMigration(_dialect, _migrations)
            .Apply(connection, _clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        if (report.IsReady)
            transaction.Commit();
        return report;
    }

    private StorageReport InUse() => new(
        StorageState.InUse,
        null,
        $"Another silo works on {Path.GetDirectoryName(DatabasePath)}. Stop it first, or name another data folder.");
}
