using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests.Contract;

public sealed class MemoryStorageTests(MemorySilo silo) : StorageContract(silo), IClassFixture<MemorySilo>;

public sealed class MemoryVersionTests(MemorySilo silo) : VersionContract(silo), IClassFixture<MemorySilo>;

public sealed class MemoryRestartTests(MemorySilo silo) : RestartContract(silo), IClassFixture<MemorySilo>;
