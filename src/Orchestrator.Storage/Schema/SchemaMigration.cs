using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Schema;

/// <summary>Applies the missing steps to an open database, all in one transaction.</summary>
/// <param name="path">The database file, for the sentences.</param>
/// <param name="migrations">The steps that the program knows.</param>
/// <param name="clock">Stamps when a step was applied.</param>
internal sealed class SchemaMigration(string path, IReadOnlyList<Migration> migrations, TimeProvider clock)
{
    public StorageReport Apply(SqliteConnection connection)
    {
        var inspection = new SchemaInspection(path, migrations);
        using var transaction = connection.BeginTransaction(deferred: false);
        var found = inspection.Inspect(connection);
        if (!found.CanInitialize)
            return found;

        foreach (var migration in migrations.Skip(found.SchemaVersion ?? 0))
        {
            Execute(connection, migration.Sql);
            Record(connection, migration);
        }

        var report = inspection.Inspect(connection);
        if (report.IsReady)
            transaction.Commit();
        return report;
    }

    /// <summary>Runs statements that come from this program, never from input.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void Record(SqliteConnection connection, Migration migration)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "INSERT INTO orchestrator_schema (version, name, applied_at) VALUES (@version, @name, @appliedAt)";
        command.Parameters.AddWithValue("@version", migration.Version);
        command.Parameters.AddWithValue("@name", migration.Name);
        command.Parameters.AddWithValue("@appliedAt", clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        command.ExecuteNonQuery();
    }
}
