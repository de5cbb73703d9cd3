using Orchestrator.Domain.Storage;
using Orchestrator.Storage.Json;

namespace Orchestrator.Storage.Postgres;

/// <summary>Lists records straight from the rows that grain storage writes.</summary>
internal sealed class PostgresReadModel(PostgresStorage storage) : IReadModel
{
    private const string ListQuery =
        "SELECT GrainIdExtensionString, PayloadBinary FROM OrleansStorage " +
        "WHERE GrainTypeString = @kind AND PayloadBinary IS NOT NULL";

    // One statement reads one snapshot: no record is seen twice or missed because it was written meanwhile.
    public async Task<IReadOnlyList<TRecord>> ListAsync<TRecord>(
        string kind,
        CancellationToken cancellationToken = default)
        where TRecord : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        var records = new List<TRecord>();
        await using var command = storage.DataSource.CreateCommand(ListQuery);
        command.Parameters.AddWithValue("kind", kind);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            records.Add(RecordText.Read<TRecord>(
                kind, ExactKey.Text(reader.GetString(0)), reader.GetFieldValue<byte[]>(1)));
        return records;
    }
}
