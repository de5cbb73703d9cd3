using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Schema;

/// <summary>Reads what a database says about itself.</summary>
internal static class SchemaReader
{
    public const string VersionTable = "orchestrator_schema";
    public const string QueryTable = "OrleansQuery";

    /// <summary>Every table, index, view and trigger, SQLite's own aside, with the statement that made it.</summary>
    public static Dictionary<string, string> Objects(SqliteConnection connection) =>
        Pairs(
            connection,
            "SELECT type || ' ' || name, ifnull(sql, '') FROM sqlite_schema WHERE substr(name, 1, 7) <> 'sqlite_'");

    /// <summary>The stored queries of the grain storage provider, by key.</summary>
    public static Dictionary<string, string> Queries(SqliteConnection connection) =>
        Pairs(connection, "SELECT QueryKey, QueryText FROM OrleansQuery");

    /// <summary>The applied steps in order.</summary>
    public static List<(int Version, string Name)> Applied(SqliteConnection connection)
    {
        var applied = new List<(int, string)>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version, name FROM orchestrator_schema ORDER BY version";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            applied.Add((reader.GetInt32(0), reader.GetString(1)));
        return applied;
    }

    private static Dictionary<string, string> Pairs(SqliteConnection connection, string query)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            pairs.Add(reader.GetString(0), reader.GetString(1));
        return pairs;
    }
}
