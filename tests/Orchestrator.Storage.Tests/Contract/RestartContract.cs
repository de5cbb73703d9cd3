using Orchestrator.Domain.Storage;
using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests.Contract;

/// <summary>What a silo stored, the next silo over the same storage finds.</summary>
public abstract class RestartContract(StorageSilo silo)
{
    [Fact]
    public async Task Restart_RecordsWrittenAndCleared_TheNextSiloSeesThemAsTheyWere()
    {
        await silo.Grain("kept").WriteAsync(Samples.Full("kept"));
        await silo.Grain("gone").WriteAsync(SampleRecord.Of("gone"));
        await silo.Grain("gone").ClearAsync();

        await silo.RestartAsync();

        (await silo.Grain("kept").ReadAsync()).ShouldHaveTheContentOf(Samples.Full("kept"));
        (await silo.Grain("gone").ReadAsync()).ShouldBeNull();
        var listed = await silo.ReadModel.ListAsync<SampleRecord>(
            RecordKinds.Node, TestContext.Current.CancellationToken);
        listed.Select(record => record.Name).ShouldBe(["kept"]);
        await silo.Grain("kept").WriteAsync(SampleRecord.Of("kept", 2));
    }
}
