using Orchestrator.Storage;
using Orchestrator.Storage.Postgres;
using Orchestrator.Storage.Schema;
using Orchestrator.Storage.Sqlite;

namespace Orchestrator.Hosting;

/// <summary>What an operator does with a control plane's storage before silos start on it.</summary>
public static class StorageSetup
{
    /// <summary>Looks whether silos can work on the storage; changes nothing.</summary>
    /// <param name="options">Which storage: a folder or a database.</param>
    /// <returns>What was found, and what to do about it.</returns>
    public static async Task<StorageReport> CheckAsync(OrchestratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var storage = Open(options);
        return await storage.CheckAsync();
    }

    /// <summary>Makes the schema, or brings an older one up to date. Done again, it changes nothing.</summary>
    /// <param name="options">Which storage: a folder or a database.</param>
    /// <returns>What is there afterwards; a storage that is not ours is left alone.</returns>
    public static async Task<StorageReport> InitializeAsync(OrchestratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var storage = Open(options);
        return await storage.InitializeAsync();
    }

    private static ISchemaStorage Open(OrchestratorOptions options) => options.IsCluster
        ? new PostgresStorage(options.Postgres)
        : new SqliteStorage(new StorageOptions { DataFolder = options.DataFolder });
}
