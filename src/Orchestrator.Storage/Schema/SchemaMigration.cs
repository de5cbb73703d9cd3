using System.Data.Common;

namespace Orchestrator.Storage.Schema;

/// <summary>Applies the missing steps to an open database.</summary>
/// <param name="dialect">How it is looked at.</param>
/// <param name="migrations">The steps that the program knows.</param>
internal sealed class SchemaMigration(SchemaDialect dialect, IReadOnlyList<Migration> migrations)
{
    /// <summary>Applies them within the caller's transaction, which keeps other writers away.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="appliedAt">Stamps the steps, in the database's own form.</param>
    /// <returns>What is there then; only where it is ready must the transaction be committed.</returns>
    public StorageReport Apply(DbConnection connection, object appliedAt)
    {
        var inspection = new SchemaInspection(dialect, migrations);
        var found = inspection.Inspect(connection);
        if (!found.CanInitialize)
            return found;

        foreach (var migration in migrations.Skip(found.SchemaVersion ?? 0))
        {
            SchemaDialect.Execute(connection, migration.Sql);
            Record(connection, migration, appliedAt);
        }

        return inspection.Inspect(connection);
    }

    private static void Record(DbConnection connection, Migration migration, object appliedAt)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "INSERT INTO orchestrator_schema (version, name, applied_at) VALUES (@version, @name, @appliedAt)";
        Add("version", migration.Version);
        Add("name", migration.Name);
        Add("appliedAt", appliedAt);
        command.ExecuteNonQuery();

        void Add(string name, object value)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }
    }
}
