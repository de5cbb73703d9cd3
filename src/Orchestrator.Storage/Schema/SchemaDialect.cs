using System.Data.Common;

namespace Orchestrator.Storage.Schema;

/// <summary>How one kind of database is looked at.</summary>
internal abstract class SchemaDialect
{
    public const string VersionTable = "orchestrator_schema";
    public const string QueryTable = "OrleansQuery";

    /// <summary>The database as sentences name it.</summary>
    public abstract string Place { get; }

    /// <summary>What to do when it holds something else.</summary>
    public abstract string Elsewhere { get; }

    /// <summary>What to do when it is ours and broken.</summary>
    public abstract string Repair { get; }

    /// <summary>Reads what is there.</summary>
    public abstract SchemaContent Read(DbConnection connection);

    /// <summary>
    /// What should be there after some steps. It is not written down a second time: the same steps make it, in a place
    /// that is thrown away.
    /// </summary>
    public abstract SchemaContent Model(IEnumerable<Migration> migrations);

    /// <summary>Runs statements that come from this program, never from input.</summary>
    public static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The applied steps in order.</summary>
    public static List<(int Version, string Name)> Applied(DbConnection connection)
    {
        var applied = new List<(int, string)>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version, name FROM orchestrator_schema ORDER BY version";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            applied.Add((reader.GetInt32(0), reader.GetString(1)));
        return applied;
    }

    protected static SchemaContent Read(DbConnection connection, string objectsQuery)
    {
        var objects = Pairs(connection, objectsQuery);
        return new SchemaContent(objects, objects.ContainsKey($"table {QueryTable}")
            ? Pairs(connection, "SELECT QueryKey, QueryText FROM OrleansQuery")
            : []);
    }

    private static Dictionary<string, string> Pairs(DbConnection connection, string query)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        while (reader.Read())
            pairs.Add(reader.GetString(0), reader.GetString(1));
        return pairs;
    }
}
