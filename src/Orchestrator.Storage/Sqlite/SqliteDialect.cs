using System.Data.Common;
using Microsoft.Data.Sqlite;
using Orchestrator.Storage.Schema;

namespace Orchestrator.Storage.Sqlite;

/// <inheritdoc/>
internal sealed class SqliteDialect(string path) : SchemaDialect
{
    // Every table, index, view and trigger, SQLite's own aside, with the statement that made it.
    private const string ObjectsQuery =
        "SELECT type || ' ' || name, ifnull(sql, '') FROM sqlite_schema WHERE substr(name, 1, 7) <> 'sqlite_'";

    public override string Place => path;

    public override string Elsewhere => "Name another data folder, or move this file away.";

    public override string Repair => "restore a backup, or move it away to start empty.";

    public override SchemaContent Read(DbConnection connection) => Read(connection, ObjectsQuery);

    public override SchemaContent Model(IEnumerable<Migration> migrations)
    {
        using var model = new SqliteConnection("Data Source=:memory:;Pooling=False");
        model.Open();
        foreach (var migration in migrations)
            Execute(model, migration.Sql);
        return Read(model);
    }
}
