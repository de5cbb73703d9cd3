using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Tests.Support;

/// <summary>A folder that is deleted with the test, and a direct look at the database in it.</summary>
public sealed class TemporaryFolder(string? path = null) : IDisposable
{
    public string Path { get; } = path ?? Directory.CreateTempSubdirectory("orchestrator-storage-").FullName;

    public string Database => System.IO.Path.Combine(Path, "orchestrator.db");

    public StorageOptions Options => new() { DataFolder = Path };

    /// <summary>Runs a statement on the database, creating the file where it is missing.</summary>
    public object? Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>How SQLite goes about a query: the first step of its plan.</summary>
    public string Plan(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        using var reader = command.ExecuteReader();
        return reader.Read() ? reader.GetString(3) : "";
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
