using System.Security.Cryptography;
using System.Text;
using Orchestrator.Storage.Schema;
using Orchestrator.Storage.Sqlite;
using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests.Schema;

public sealed class MigrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static IReadOnlyList<Migration> WithAFurtherStep(string sql) =>
        [.. Migration.Sqlite, new Migration(Migration.Sqlite.Count + 1, "further", sql)];

    [Fact]
    public void Embedded_ReleasedSteps_HaveNotChanged()
    {
        // Databases in the field were made by these very texts. A change of the schema is a further step.
        var released = Migration.Sqlite.Select(step =>
            $"{step.Version:0000}-{step.Name} " +
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(step.Sql))));

        released.ShouldBe(
        [
            "0001-records 92715f3c67ab150a9cd58f64eeeab91e68d579fb51bb874fe9e1f79ed0dfaa96",
            "0002-queries 4aed4640566b4ae138b1dd56174e5a4460de8bb67f1d2761759e2d3c538251d2",
        ]);
    }

    [Fact]
    public async Task Initialize_AnOlderDatabase_IsBroughtUpToDateWithItsRecords()
    {
        await InitializeAsync(Migration.Sqlite);
        _folder.Execute("INSERT INTO OrleansStorage VALUES ('node', '/n1', 0, 0, 1, x'7B7D', '')");
        var longer = WithAFurtherStep("ALTER TABLE OrleansStorage ADD COLUMN Note TEXT;");
        using var newer = Storage(longer);
        (await newer.CheckAsync(Token)).Code.ShouldBe("storage_behind");

        (await newer.InitializeAsync(Token)).Code.ShouldBe("storage_ready");

        _folder.Execute("SELECT count(*) FROM OrleansStorage WHERE Note IS NULL").ShouldBe(1L);
        _folder.Execute("SELECT group_concat(version || name) FROM orchestrator_schema")
            .ShouldBe("1records,2queries,3further");
    }

    [Fact]
    public async Task Initialize_AStepFailsHalfway_TheDatabaseIsAsItWas()
    {
        await InitializeAsync(Migration.Sqlite);

        var report = await InitializeAsync(WithAFurtherStep("DROP TABLE OrleansStorage; CREATE TABLE broken ("));

        report.Code.ShouldBe("storage_unusable");
        (await InitializeAsync(Migration.Sqlite)).Code.ShouldBe("storage_ready");
    }

    [Fact]
    public async Task Initialize_ADatabaseOfANewerProgram_IsRefusedWithWhatToDo()
    {
        await InitializeAsync(WithAFurtherStep("CREATE TABLE something_new (x INTEGER);"));

        var report = await InitializeAsync(Migration.Sqlite);

        report.Code.ShouldBe("storage_newer");
        report.SchemaVersion.ShouldBe(3);
        report.Sentence.ShouldContain("has schema version 3, and this program knows up to 2");
        report.Sentence.ShouldContain("Start the newer program");
    }

    [Fact]
    public async Task Initialize_ManyAtOnce_EachStepIsAppliedOnce()
    {
        var reports = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => InitializeAsync(Migration.Sqlite)));

        reports.ShouldAllBe(report => report.State == StorageState.Ready || report.State == StorageState.InUse);
        reports.ShouldContain(report => report.IsReady);
        _folder.Execute("SELECT count(*) FROM orchestrator_schema").ShouldBe(2L);
    }

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SqliteStorage Storage(IReadOnlyList<Migration> migrations) =>
        new(_folder.Options, migrations, TimeProvider.System);

    private async Task<StorageReport> InitializeAsync(IReadOnlyList<Migration> migrations)
    {
        using var storage = Storage(migrations);
        return await storage.InitializeAsync(Token);
    }
}
