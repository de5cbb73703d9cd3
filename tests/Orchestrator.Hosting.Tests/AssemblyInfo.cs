using Orchestrator.Testing;

[assembly: AssemblyFixture(typeof(PostgresServer))]
