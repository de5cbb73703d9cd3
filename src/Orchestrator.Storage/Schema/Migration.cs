using System.Globalization;

namespace Orchestrator.Storage.Schema;

/// <summary>One step of the schema. A step that was released never changes; a change is a further step.</summary>
/// <param name="Version">Its number; the first is 1, without gaps.</param>
/// <param name="Name">What it is about, as in its file name.</param>
/// <param name="Sql">Its statements.</param>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>The steps of a SQLite file that this program was built with, in order.</summary>
    public static IReadOnlyList<Migration> Sqlite { get; } = Load("Sql/Sqlite/");

    /// <summary>The steps of a PostgreSQL database that this program was built with, in order.</summary>
    public static IReadOnlyList<Migration> Postgres { get; } = Load("Sql/Postgres/");

    private static List<Migration> Load(string folder)
    {
        var names = typeof(Migration).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        var migrations = names.Select(name => Read(folder, name)).ToList();
        for (var index = 0; index < migrations.Count; index++)
        {
            if (migrations[index].Version != index + 1)
                throw new InvalidOperationException(
                    $"The schema steps under {folder} must be numbered from 0001 without gaps; " +
                    $"number {index + 1} is missing.");
        }

        return migrations;
    }

    private static Migration Read(string folder, string resource)
    {
        var parts = Path.GetFileNameWithoutExtension(resource[folder.Length..]).Split('-', 2);
        using var stream = typeof(Migration).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The schema step {resource} is not in the program.");
        using var reader = new StreamReader(stream);
        return new Migration(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], reader.ReadToEnd());
    }
}
