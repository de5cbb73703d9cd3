namespace Orchestrator.Storage.Tests.Support;

/// <summary>A silo that keeps its records in a SQLite file of its own.</summary>
public sealed class SqliteSilo : StorageSilo
{
    public SqliteSilo()
        : this(new TemporaryFolder())
    {
    }

    internal SqliteSilo(TemporaryFolder folder) => Folder = folder;

    /// <summary>Where the file is; deleted with the silo.</summary>
    public TemporaryFolder Folder { get; }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Folder.Dispose();
    }

    protected override void AddStorage(ISiloBuilder silo) => silo.AddOrchestratorStorage(Folder.Options);
}
