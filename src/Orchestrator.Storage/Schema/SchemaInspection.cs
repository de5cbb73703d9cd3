using System.Data.Common;

namespace Orchestrator.Storage.Schema;

/// <summary>Compares an open database with the schema that this program works with.</summary>
/// <param name="dialect">How it is looked at.</param>
/// <param name="migrations">The steps that the program knows.</param>
internal sealed class SchemaInspection(SchemaDialect dialect, IReadOnlyList<Migration> migrations)
{
    public StorageReport Inspect(DbConnection connection)
    {
        var content = dialect.Read(connection);
        if (content.Objects.Count == 0)
            return new StorageReport(
                StorageState.Missing, null, $"{dialect.Place} is empty. Initialize the storage to fill it.");
        if (!content.Objects.ContainsKey($"table {SchemaDialect.VersionTable}"))
            return new StorageReport(
                StorageState.Foreign,
                null,
                $"{dialect.Place} is a database of something else: it has no table {SchemaDialect.VersionTable}. " +
                dialect.Elsewhere);

        return InspectOurs(content, SchemaDialect.Applied(connection));
    }

    private StorageReport InspectOurs(SchemaContent content, List<(int Version, string Name)> applied)
    {
        var version = applied.Count == 0 ? 0 : applied[^1].Version;
        if (version > migrations.Count)
            return new StorageReport(
                StorageState.Newer,
                version,
                $"{dialect.Place} has schema version {version}, and this program knows up to {migrations.Count}. " +
                "Start the newer program that wrote it, or restore the backup from before that upgrade.");

        if (FirstDifference(content, applied) is { } difference)
            return new StorageReport(
                StorageState.Incomplete,
                version,
                $"{dialect.Place} is not as schema version {version} should be: {difference}. " +
                $"It was changed by hand or copied halfway; {dialect.Repair}");

        return version < migrations.Count
            ? new StorageReport(
                StorageState.Behind,
                version,
                $"{dialect.Place} has schema version {version} and this program works with {migrations.Count}. " +
                "Back it up, then initialize the storage to migrate it.")
            : new StorageReport(
                StorageState.Ready, version, $"{dialect.Place} is ready at schema version {version}.");
    }

    private string? FirstDifference(SchemaContent content, List<(int Version, string Name)> applied)
    {
        if (applied.Count == 0)
            return $"{SchemaDialect.VersionTable} has no row";
        for (var index = 0; index < applied.Count; index++)
        {
            var expected = (migrations[index].Version, migrations[index].Name);
            if (applied[index] != expected)
                return $"step {expected.Version} ({expected.Name}) is not recorded as applied";
        }

        return dialect.Model(migrations.Take(applied.Count)).DifferenceOf(content);
    }
}
