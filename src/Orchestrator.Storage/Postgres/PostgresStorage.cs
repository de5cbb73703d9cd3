using Npgsql;
using Orchestrator.Storage.Schema;

namespace Orchestrator.Storage.Postgres;

/// <summary>A PostgreSQL database that several silos share: looks at it, fills it, migrates it.</summary>
/// <remarks>
/// Refusals are reports, not exceptions; see <see cref="StorageReport"/>. A silo only looks: who may change the schema,
/// and when, is for <c>storage init</c> and its operator to decide.
/// </remarks>
public sealed class PostgresStorage : ISchemaStorage
{
    // Any number that nobody else uses for a lock in the same database.
    private const long MigrationLock = 0x6F72636873746F72;

    private readonly IReadOnlyList<Migration> _migrations;
    private readonly PostgresDialect _dialect;
    private readonly TimeProvider _clock;

    /// <summary>Names a database; nothing is opened yet.</summary>
    /// <param name="connectionString">
    /// Npgsql's connection string, such as <c>Host=db1;Database=orchestrator;Username=orchestrator</c>.
    /// </param>
    /// <param name="clock">Stamps applied migrations, for people; the system's clock where none is given.</param>
    /// <exception cref="ArgumentException">It is not a connection string, or names no host or no database.</exception>
    public PostgresStorage(string connectionString, TimeProvider? clock = null)
        : this(connectionString, Migration.Postgres, clock ?? TimeProvider.System)
    {
    }

    internal PostgresStorage(string connectionString, IReadOnlyList<Migration> migrations, TimeProvider clock)
    {
        var settings = Settings(connectionString);
        _migrations = migrations;
        _clock = clock;
        DataSource = NpgsqlDataSource.Create(settings);
        _dialect = new PostgresDialect($"The database {settings.Database} on {settings.Host}", DataSource);
    }

    /// <summary>The pool of connections, one for all that this process does there.</summary>
    internal NpgsqlDataSource DataSource { get; }

    /// <summary>Looks at the database without changing it.</summary>
    /// <param name="cancellationToken">Ends the wait for a check that has not begun.</param>
    /// <returns>What was found and what to do about it. Running silos do not disturb it.</returns>
    public Task<StorageReport> CheckAsync(CancellationToken cancellationToken = default) =>
        RunAsync(
            () =>
            {
                using var connection = DataSource.OpenConnection();
                return new SchemaInspection(_dialect, _migrations).Inspect(connection);
            },
            cancellationToken);

    /// <summary>Fills an empty database, or applies missing migrations.</summary>
    /// <param name="cancellationToken">Ends the wait for work that has not begun.</param>
    /// <returns>
    /// <see cref="StorageState.Ready"/>, or why it is not. A refused database is left as it was. Calling it again on
    /// a ready one changes nothing; of several callers at once, one does the work.
    /// </returns>
    public Task<StorageReport> InitializeAsync(CancellationToken cancellationToken = default) =>
        RunAsync(
            () =>
            {
                using var connection = DataSource.OpenConnection();
                using var transaction = connection.BeginTransaction();
                SchemaDialect.Execute(connection, $"SELECT pg_advisory_xact_lock({MigrationLock})");
                var report = new SchemaMigration(_dialect, _migrations)
                    .Apply(connection, _clock.GetUtcNow().UtcDateTime);
                if (report.IsReady)
                    transaction.Commit();
                return report;
            },
            cancellationToken);

    /// <summary>Closes the connections.</summary>
    public void Dispose() => DataSource.Dispose();

    /// <summary>Whether a text names a database.</summary>
    /// <param name="connectionString">The text; it is not repeated, since it may hold a password.</param>
    /// <returns>What is wrong with it; null when it can be used.</returns>
    public static string? ProblemWith(string connectionString)
    {
        try
        {
            Settings(connectionString);
            return null;
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }
    }

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="ArgumentException">It is none, or lacks what names a database.</exception>
    internal static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (string.IsNullOrEmpty(settings.Host) || string.IsNullOrEmpty(settings.Database))
            throw new ArgumentException(
                "The connection string must name a Host and a Database, such as " +
                "'Host=db1;Database=orchestrator;Username=orchestrator'.",
                nameof(connectionString));
        return settings;
    }

    private Task<StorageReport> RunAsync(Func<StorageReport> work, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                try
                {
                    return work();
                }
                catch (Exception error) when (PostgresFailure.Explain(_dialect.Place, error) is not null)
                {
                    return PostgresFailure.Explain(_dialect.Place, error)!;
                }
            },
            cancellationToken);
}
