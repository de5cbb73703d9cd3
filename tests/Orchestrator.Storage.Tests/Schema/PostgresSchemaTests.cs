using System.Security.Cryptography;
using System.Text;
using Orchestrator.Storage.Postgres;
using Orchestrator.Storage.Schema;
using Orchestrator.Testing;

namespace Orchestrator.Storage.Tests.Schema;

public sealed class PostgresSchemaTests(PostgresServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void ReleasedSteps_HaveNotChanged() =>
        // Databases in the field were made by these very texts. A change of the schema is a further step.
        Migration.Postgres.Select(step =>
            $"{step.Version:0000}-{step.Name} "
            + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(step.Sql)))[..16])
            .ShouldBe(
            [
                "0001-records 1d97457343d22e4b",
                "0002-membership 30cf07656265683c",
                "0003-reminders 351199e5f022573e",
            ]);

    [Fact]
    public async Task Initialize_AnEmptyDatabase_IsReadyAndAgainChangesNothing()
    {
        var database = await server.CreateDatabaseAsync();

        (await CheckAsync(database)).Code.ShouldBe("storage_missing");
        (await InitializeAsync(database)).Code.ShouldBe("storage_ready");
        (await InitializeAsync(database)).Code.ShouldBe("storage_ready");

        (await CheckAsync(database)).Sentence.ShouldContain("is ready at schema version 3");
        (await PostgresServer.ExecuteOnAsync(database, "SELECT count(*) FROM orchestrator_schema")).ShouldBe(3L);
    }

    [Fact]
    public async Task Initialize_ManyAtOnce_EachStepIsAppliedOnce()
    {
        var database = await server.CreateDatabaseAsync();

        var reports = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => InitializeAsync(database)));

        reports.ShouldAllBe(report => report.IsReady);
        (await PostgresServer.ExecuteOnAsync(database, "SELECT count(*) FROM orchestrator_schema")).ShouldBe(3L);
    }

    [Theory]
    [InlineData("CREATE TABLE somebody_elses (x integer)", "storage_foreign", "Name another database")]
    public async Task Initialize_ADatabaseOfSomethingElse_IsRefused(string before, string code, string advice)
    {
        var database = await server.CreateDatabaseAsync();
        await PostgresServer.ExecuteOnAsync(database, before);

        var report = await InitializeAsync(database);

        report.Code.ShouldBe(code);
        report.Sentence.ShouldContain(advice);
    }

    [Theory]
    [InlineData("DROP TABLE OrleansStorage", "orleansstorage")]
    [InlineData("ALTER TABLE membership DROP COLUMN HostName", "table membership")]
    [InlineData("ALTER TABLE reminder DROP CONSTRAINT reminder_pkey", "constraint reminder_pkey of reminder")]
    [InlineData("DELETE FROM OrleansQuery WHERE QueryKey = 'ReadFromStorageKey'", "query ReadFromStorageKey")]
    [InlineData("DELETE FROM orchestrator_schema WHERE version = 2", "step 2 (membership)")]
    public async Task Initialize_AHalfMadeDatabase_IsRefusedWithWhatIsWrong(string damage, string named)
    {
        var database = await server.CreateDatabaseAsync();
        await InitializeAsync(database);
        await PostgresServer.ExecuteOnAsync(database, damage);

        var report = await InitializeAsync(database);

        report.Code.ShouldBe("storage_incomplete");
        report.Sentence.ShouldContain(named);
    }

    [Fact]
    public async Task Check_ATableOfTheOperatorsOwn_DoesNoHarm()
    {
        var database = await server.CreateDatabaseAsync();
        await InitializeAsync(database);
        await PostgresServer.ExecuteOnAsync(database, "CREATE TABLE report (x integer)");

        (await CheckAsync(database)).IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task Check_WhatCannotBeReached_SaysWhatToDo()
    {
        (await CheckAsync(server.ConnectionString("nowhere"))).Sentence
            .ShouldBe("The database nowhere on 127.0.0.1 cannot be used: there is no such database; create it first, "
                + "with createdb or CREATE DATABASE.");
        (await CheckAsync("Host=127.0.0.1;Port=1;Database=orchestrator;Username=x")).Sentence
            .ShouldContain("Connection refused; check that the server runs and can be reached");
    }

    [Theory]
    [InlineData("Host=db1")]
    [InlineData("Database=orchestrator")]
    [InlineData("somewhere")]
    public void Construct_WhatNamesNoDatabase_IsRefused(string connectionString) =>
        Should.Throw<ArgumentException>(() => new PostgresStorage(connectionString));

    private static async Task<StorageReport> InitializeAsync(string database)
    {
        using var storage = new PostgresStorage(database);
        return await storage.InitializeAsync(Token);
    }

    private static async Task<StorageReport> CheckAsync(string database)
    {
        using var storage = new PostgresStorage(database);
        return await storage.CheckAsync(Token);
    }
}
