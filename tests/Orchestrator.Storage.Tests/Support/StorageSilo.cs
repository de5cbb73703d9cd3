using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Domain.Storage;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Orchestrator.Storage.Tests.Support;

/// <summary>One real silo over one kind of storage; a restart keeps the storage and nothing else.</summary>
public abstract class StorageSilo : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    public IReadModel ReadModel => Services.GetRequiredService<IReadModel>();

    /// <summary>The storage that grains write through, for writers that are not a grain.</summary>
    public IGrainStorage Storage => Services.GetRequiredKeyedService<IGrainStorage>(RecordKinds.Provider);

    private InProcessTestCluster Cluster => _cluster ?? throw new InvalidOperationException("The silo is not started.");

    private IServiceProvider Services => Cluster.Silos[0].ServiceProvider;

    public ISampleGrain Grain(string key) => Cluster.Client.GetGrain<ISampleGrain>(key);

    public virtual async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 1);
        builder.ConfigureSilo((_, silo) => AddStorage(silo));
        var cluster = builder.Build();
        try
        {
            await cluster.DeployAsync();
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        _cluster = cluster;
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await InitializeAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    public async Task StopAsync()
    {
        if (_cluster is { } cluster)
        {
            _cluster = null;
            await cluster.StopAllSilosAsync();
            await cluster.DisposeAsync();
        }
    }

    protected abstract void AddStorage(ISiloBuilder silo);
}
