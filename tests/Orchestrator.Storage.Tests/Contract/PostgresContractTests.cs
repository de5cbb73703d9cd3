using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests.Contract;

public sealed class PostgresStorageTests(PostgresSilo silo) : StorageContract(silo), IClassFixture<PostgresSilo>;

public sealed class PostgresVersionTests(PostgresSilo silo) : VersionContract(silo), IClassFixture<PostgresSilo>;

public sealed class PostgresRestartTests(PostgresSilo silo) : RestartContract(silo), IClassFixture<PostgresSilo>;
