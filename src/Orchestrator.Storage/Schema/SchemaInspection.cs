using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Schema;

/// <summary>Compares an open database with the schema that this program works with.</summary>
/// <param name="path">The database file, for the sentences.</param>
/// <param name="migrations">The steps that the program knows.</param>
internal sealed class SchemaInspection(string path, IReadOnlyList<Migration> migrations)
{
    public StorageReport Inspect(SqliteConnection connection)
    {
        var objects = SchemaReader.Objects(connection);
        if (objects.Count == 0)
            return new StorageReport(
                StorageState.Missing, null, $"{path} is empty. Initialize the storage to fill it.");
        if (!objects.ContainsKey($"table {SchemaReader.VersionTable}"))
            return new StorageReport(
                StorageState.Foreign,
                null,
                $"{path} is a database of something else: it has no table {SchemaReader.VersionTable}. " +
                "Name another data folder, or move this file away.");

        return InspectOurs(connection, objects);
    }

    private StorageReport InspectOurs(SqliteConnection connection, Dictionary<string, string> objects)
    {
        var applied = SchemaReader.Applied(connection);
        var version = applied.Count == 0 ? 0 : applied[^1].Version;
        if (version > migrations.Count)
            return new StorageReport(
                StorageState.Newer,
                version,
                $"{path} has schema version {version}, and this program knows up to {migrations.Count}. " +
                "Start the newer program that wrote it, or restore the backup from before that upgrade.");

        if (FirstDifference(connection, objects, applied) is { } difference)
            return new StorageReport(
                StorageState.Incomplete,
                version,
                $"{path} is not as schema version {version} should be: {difference}. " +
                "It was changed by hand or copied halfway; restore a backup, or move it away to start empty.");

        return version < migrations.Count
            ? new StorageReport(
                StorageState.Behind,
                version,
                $"{path} has schema version {version} and this program works with {migrations.Count}. " +
                "Back it up, then initialize the storage to migrate it.")
            : new StorageReport(StorageState.Ready, version, $"{path} is ready at schema version {version}.");
    }

    private string? FirstDifference(
        SqliteConnection connection,
        Dictionary<string, string> objects,
        List<(int Version, string Name)> applied)
    {
        if (applied.Count == 0)
            return $"{SchemaReader.VersionTable} has no row";
        for (var index = 0; index < applied.Count; index++)
        {
            var expected = (migrations[index].Version, migrations[index].Name);
            if (applied[index] != expected)
                return $"step {expected.Version} ({expected.Name}) is not recorded as applied";
        }

        // What the file should look like is not written down a second time: the same steps make it, in memory.
        using var model = new SqliteConnection("Data Source=:memory:;Pooling=False");
        model.Open();
        foreach (var migration in migrations.Take(applied.Count))
            SchemaMigration.Execute(model, migration.Sql);

        if (FirstDifference(SchemaReader.Objects(model), objects) is { } differingObject)
            return $"{differingObject} is missing or altered";
        if (!objects.ContainsKey($"table {SchemaReader.QueryTable}"))
            return null;
        return FirstDifference(SchemaReader.Queries(model), SchemaReader.Queries(connection)) is { } query
            ? $"the query {query} in {SchemaReader.QueryTable} is missing or altered"
            : null;
    }

    // Further tables or views in the file, say of an operator's own reports, do no harm.
    private static string? FirstDifference(Dictionary<string, string> expected, Dictionary<string, string> actual) =>
        expected.Keys.Order(StringComparer.Ordinal)
            .FirstOrDefault(key => actual.GetValueOrDefault(key) != expected[key]);
}
