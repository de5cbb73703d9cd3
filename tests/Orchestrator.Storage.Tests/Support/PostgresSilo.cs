using Orchestrator.Storage.Postgres;
using Orchestrator.Testing;

namespace Orchestrator.Storage.Tests.Support;

/// <summary>A silo that keeps its records in a PostgreSQL database of its own.</summary>
public sealed class PostgresSilo(PostgresServer server) : StorageSilo
{
    private string? _database;

    public override async ValueTask InitializeAsync()
    {
        if (_database is null)
        {
            _database = await server.CreateDatabaseAsync();
            using var storage = new PostgresStorage(_database);
            (await storage.InitializeAsync()).IsReady.ShouldBeTrue();
        }

        await base.InitializeAsync();
    }

    protected override void AddStorage(ISiloBuilder silo) => silo.AddOrchestratorPostgres(_database!);
}
