using Orchestrator.Storage.Memory;

namespace Orchestrator.Storage.Tests.Support;

/// <summary>A silo that keeps its records in memory.</summary>
public sealed class MemorySilo : StorageSilo
{
    private readonly MemoryRecords _records = new();

    protected override void AddStorage(ISiloBuilder silo) => silo.AddOrchestratorMemoryStorage(_records);
}
