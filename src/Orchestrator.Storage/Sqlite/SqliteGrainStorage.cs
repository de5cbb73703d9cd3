using Microsoft.Extensions.Logging;
using Orchestrator.Storage.Schema;
using Orleans.Storage;

namespace Orchestrator.Storage.Sqlite;

/// <summary>ADO.NET grain storage on SQLite, with what that lacks: a schema, one writer, and exact keys.</summary>
internal sealed partial class SqliteGrainStorage(
    AdoNetGrainStorage inner,
    SqliteStorage storage,
    ILogger<SqliteGrainStorage> logger) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly WriteTurns _turns = new(StorageLimits.WaitingWrites);

    public void Participate(ISiloLifecycle lifecycle)
    {
        // The inner storage reads its queries at a later stage, and grains have stopped before this one ends.
        lifecycle.Subscribe(
            nameof(SqliteGrainStorage),
            ServiceLifecycleStage.RuntimeStorageServices,
            StartAsync,
            _ =>
            {
                storage.Release();
                return Task.CompletedTask;
            });
        inner.Participate(lifecycle);
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        inner.ReadStateAsync(stateName, ExactKey.Of(grainId), grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task WriteStateAsync<T>(
        string stateName,
        GrainId grainId,
        IGrainState<T> grainState,
        CancellationToken cancellationToken)
    {
        // What is stored is the record at the time of the call, not one that another turn puts there during the wait.
        var record = new GrainState<T>(grainState.State, grainState.ETag) { RecordExists = grainState.RecordExists };
        await _turns.RunAsync(
            () => inner.WriteStateAsync(stateName, ExactKey.Of(grainId), record), cancellationToken);
        grainState.ETag = record.ETag;
        grainState.RecordExists = record.RecordExists;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public Task ClearStateAsync<T>(
        string stateName,
        GrainId grainId,
        IGrainState<T> grainState,
        CancellationToken cancellationToken) =>
        _turns.RunAsync(
            () => inner.ClearStateAsync(stateName, ExactKey.Of(grainId), grainState), cancellationToken);

    public void Dispose() => _turns.Dispose();

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var report = await storage.ClaimAsync(cancellationToken);
        if (!report.IsReady)
            throw new StorageRefusedException(report);
        LogReady(report.Sentence);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Sentence}")]
    private partial void LogReady(string sentence);
}
