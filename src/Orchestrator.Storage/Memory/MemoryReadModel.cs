using Orchestrator.Domain.Storage;
using Orchestrator.Storage.Json;

namespace Orchestrator.Storage.Memory;

/// <summary>Lists the records of <see cref="MemoryRecords"/>.</summary>
internal sealed class MemoryReadModel(MemoryRecords records) : IReadModel
{
    public Task<IReadOnlyList<TRecord>> ListAsync<TRecord>(
        string kind,
        CancellationToken cancellationToken = default)
        where TRecord : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<TRecord> list =
            [.. records.List(kind).Select(row => RecordText.Read<TRecord>(kind, row.Key, row.Json.ToMemory().Span))];
        return Task.FromResult(list);
    }
}
