using Orchestrator.Domain.Storage;
using Orchestrator.Storage.Schema;
using Orchestrator.Storage.Sqlite;
using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests.Sqlite;

public sealed class SiloStartTests
{
    [Fact]
    public async Task Start_ADatabaseOfSomethingElse_IsRefusedWithTheSentence()
    {
        await using var silo = new SqliteSilo();
        silo.Folder.Execute("CREATE TABLE somebody_elses (x INTEGER)");

        var error = await Should.ThrowAsync<Exception>(async () => await silo.InitializeAsync());

        var refusal = Causes(error).OfType<StorageRefusedException>().ShouldHaveSingleItem();
        refusal.Report.Code.ShouldBe("storage_foreign");
        refusal.Message.ShouldContain("Name another data folder");
    }

    [Fact]
    public async Task Start_AnotherSiloOnTheFolder_IsRefusedUntilThatOneStops()
    {
        await using var first = new SqliteSilo();
        await first.InitializeAsync();
        using var second = new SqliteStorage(first.Folder.Options);

        var refused = await second.ClaimAsync(TestContext.Current.CancellationToken);
        await first.StopAsync();
        var taken = await second.ClaimAsync(TestContext.Current.CancellationToken);

        refused.Code.ShouldBe("storage_in_use");
        refused.Sentence.ShouldContain("Stop it first, or name another data folder");
        taken.Code.ShouldBe("storage_ready");
    }

    [Fact]
    public async Task Check_WhileASiloRuns_IsReady()
    {
        await using var silo = new SqliteSilo();
        await silo.InitializeAsync();
        using var tool = new SqliteStorage(silo.Folder.Options);

        (await tool.CheckAsync(TestContext.Current.CancellationToken)).Code.ShouldBe("storage_ready");
        (await tool.InitializeAsync(TestContext.Current.CancellationToken)).Code.ShouldBe("storage_ready");
    }

    [Fact]
    public async Task Start_OnTheFilesThatAKilledSiloLeaves_EveryWriteThatReturnedIsThere()
    {
        await using var killed = new SqliteSilo();
        await using var next = new SqliteSilo();
        await killed.InitializeAsync();
        foreach (var number in Enumerable.Range(0, 50))
            await killed.Grain($"n{number}").WriteAsync(SampleRecord.Of($"n{number}", number));

        // What a kill leaves behind is what the kernel has at that moment: the file and a log not yet folded into it.
        foreach (var file in new[] { "orchestrator.db", "orchestrator.db-wal" })
            File.Copy(Path.Combine(killed.Folder.Path, file), Path.Combine(next.Folder.Path, file));
        await next.InitializeAsync();

        var records = await next.ReadModel.ListAsync<SampleRecord>(
            RecordKinds.Node, TestContext.Current.CancellationToken);
        records.Select(record => record.LeaseNumber).Order().ShouldBe(Enumerable.Range(0, 50).Select(n => (long)n));
    }

    private static IEnumerable<Exception> Causes(Exception error)
    {
        yield return error;
        var inner = (error as AggregateException)?.InnerExceptions.ToArray()
            ?? (error.InnerException is { } only ? [only] : []);
        foreach (var cause in inner.SelectMany(Causes))
            yield return cause;
    }
}
