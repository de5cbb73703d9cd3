using Microsoft.Data.Sqlite;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Has SQLite read the whole file: milliseconds for a small fleet, seconds for gigabytes.</summary>
internal static class DamageCheck
{
    /// <summary>The first damage in SQLite's words, or null.</summary>
    public static string? Find(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(1)";
        var answer = (string?)command.ExecuteScalar();
        return answer == "ok" ? null : answer;
    }
}
