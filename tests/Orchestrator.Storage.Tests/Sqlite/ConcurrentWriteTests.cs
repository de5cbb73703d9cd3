using Microsoft.Data.Sqlite;
using Orchestrator.Domain.Storage;
using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests.Sqlite;

public sealed class ConcurrentWriteTests(SqliteSilo silo) : IClassFixture<SqliteSilo>
{
    private const int Grains = 64;
    private const int WritesPerGrain = 5;

    [Fact]
    public async Task Write_ManyGrainsAtOnceWhileOthersList_NoneFailsAndNothingIsLost()
    {
        var writers = Enumerable.Range(0, Grains).Select(WriteAllAsync).ToArray();
        var readers = Enumerable.Range(0, 2).Select(_ => ListUntilAsync(Task.WhenAll(writers))).ToArray();

        await Task.WhenAll([.. writers, .. readers]);

        var records = await ListAsync();
        records.Select(record => record.Name).ShouldBe(
            Enumerable.Range(0, Grains).Select(Key), ignoreOrder: true);
        records.ShouldAllBe(record => record.LeaseNumber == WritesPerGrain);
    }

    [Fact]
    public async Task Write_AnotherProcessHoldsTheFileForAWhile_WaitsAndSucceeds()
    {
        using var other = new SqliteConnection($"Data Source={silo.Folder.Database};Pooling=False");
        other.Open();
        var transaction = other.BeginTransaction(deferred: false);

        var write = silo.Grain("patient").WriteAsync(SampleRecord.Of("patient"));
        var read = await silo.Grain("impatient").ReadAsync();
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        await write;

        read.ShouldBeNull();
        (await silo.Grain("patient").ReadAsync()).ShouldNotBeNull();
        await silo.Grain("patient").ClearAsync();
    }

    private static string Key(int number) => $"writer-{number}";

    private async Task WriteAllAsync(int number)
    {
        for (var write = 1; write <= WritesPerGrain; write++)
            await silo.Grain(Key(number)).WriteAsync(SampleRecord.Of(Key(number), write));
    }

    private async Task ListUntilAsync(Task end)
    {
        while (!end.IsCompleted)
            (await ListAsync()).Count.ShouldBeLessThanOrEqualTo(Grains);
    }

    private Task<IReadOnlyList<SampleRecord>> ListAsync() =>
        silo.ReadModel.ListAsync<SampleRecord>(RecordKinds.Node, TestContext.Current.CancellationToken);
}
