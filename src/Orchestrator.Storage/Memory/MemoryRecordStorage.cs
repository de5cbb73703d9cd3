using Orchestrator.Storage.Json;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Orchestrator.Storage.Memory;

/// <summary>Grain storage that behaves as the one on SQLite does: same JSON, same versions, same conflicts.</summary>
internal sealed class MemoryRecordStorage(MemoryRecords records, IActivatorProvider activators) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = records.Find(stateName, Key(grainId));
        grainState.State = row?.Json is { } json ? RecordJson.Serializer.Deserialize<T>(json) : New<T>();
        grainState.ETag = row?.ETag;
        grainState.RecordExists = row?.Json is not null;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var json = RecordJson.Serializer.Serialize(grainState.State);
        grainState.ETag = records.Store(stateName, Key(grainId), grainState.ETag, json).ETag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // As the provider on SQLite does: who knows nothing yet looks first, and clearing nothing leaves nothing.
        if (grainState is { RecordExists: false, ETag: null })
        {
            await ReadStateAsync(stateName, grainId, grainState);
            if (!grainState.RecordExists)
                return;
        }

        grainState.ETag = records.Store(stateName, Key(grainId), grainState.ETag, json: null).ETag;
        grainState.State = New<T>();
        grainState.RecordExists = false;
    }

    private static string Key(GrainId grainId) => grainId.Key.ToString()!;

    private T New<T>() => activators.GetActivator<T>().Create();
}
