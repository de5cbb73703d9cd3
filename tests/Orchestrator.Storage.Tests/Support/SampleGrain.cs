using Orchestrator.Domain.Storage;

namespace Orchestrator.Storage.Tests.Support;

/// <summary>The grain, storing under a kind of the product's.</summary>
[GrainType("sample")]
public sealed class SampleGrain(
    [PersistentState(RecordKinds.Node, RecordKinds.Provider)] IPersistentState<SampleRecord> state)
    : Grain, ISampleGrain
{
    public Task WriteAsync(SampleRecord record)
    {
        state.State = record;
        return state.WriteStateAsync();
    }

    public async Task<SampleRecord?> ReadAsync()
    {
        await state.ReadStateAsync();
        return state.RecordExists ? state.State : null;
    }

    public Task ClearAsync() => state.ClearStateAsync();
}
