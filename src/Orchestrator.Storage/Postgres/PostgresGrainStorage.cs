using Microsoft.Extensions.Logging;
using Orchestrator.Storage.Schema;
using Orleans.Storage;

namespace Orchestrator.Storage.Postgres;

/// <summary>ADO.NET grain storage on PostgreSQL, with what that lacks: a look at the schema, and exact keys.</summary>
internal sealed partial class PostgresGrainStorage(
    AdoNetGrainStorage inner,
    PostgresStorage storage,
    ILogger<PostgresGrainStorage> logger) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle)
    {
        // Before the silo reads its queries or joins a cluster.
        lifecycle.Subscribe(nameof(PostgresGrainStorage), ServiceLifecycleStage.RuntimeInitialize - 1, StartAsync);
        inner.Participate(lifecycle);
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        inner.ReadStateAsync(stateName, ExactKey.Of(grainId), grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        inner.WriteStateAsync(stateName, ExactKey.Of(grainId), grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        inner.ClearStateAsync(stateName, ExactKey.Of(grainId), grainState);

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var report = await storage.CheckAsync(cancellationToken);
        if (!report.IsReady)
            throw new StorageRefusedException(report);
        LogReady(report.Sentence);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Sentence}")]
    private partial void LogReady(string sentence);
}
