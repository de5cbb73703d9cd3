using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests.Contract;

public sealed class SqliteStorageTests(SqliteSilo silo) : StorageContract(silo), IClassFixture<SqliteSilo>;

public sealed class SqliteVersionTests(SqliteSilo silo) : VersionContract(silo), IClassFixture<SqliteSilo>;

public sealed class SqliteRestartTests(SqliteSilo silo) : RestartContract(silo), IClassFixture<SqliteSilo>;
