using Orchestrator.Domain.Storage;
using Orchestrator.Storage.Json;

namespace Orchestrator.Storage.Sqlite;

/// <summary>Lists records straight from the rows that grain storage writes.</summary>
internal sealed class SqliteReadModel(SqliteStorage storage) : IReadModel
{
    private const string ListQuery =
        "SELECT GrainIdExtensionString, PayloadBinary FROM OrleansStorage " +
        "WHERE GrainTypeString = @kind AND PayloadBinary IS NOT NULL";

    public async Task<IReadOnlyList<TRecord>> ListAsync<TRecord>(
        string kind,
        CancellationToken cancellationToken = default)
        where TRecord : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        return await Task.Run(() => List<TRecord>(kind, cancellationToken), cancellationToken);
    }

    // One statement reads one snapshot: no record is seen twice or missed because it was written meanwhile.
    private List<TRecord> List<TRecord>(string kind, CancellationToken cancellationToken)
        where TRecord : class
    {
        var records = new List<TRecord>();
        using var connection = storage.DataSource.Open();
        using var command = connection.CreateCommand();
        command.CommandText = ListQuery;
        command.Parameters.AddWithValue("@kind", kind);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            records.Add(RecordText.Read<TRecord>(
                kind, ExactKey.Text(reader.GetString(0)), reader.GetFieldValue<byte[]>(1)));
        }

        return records;
    }
}
