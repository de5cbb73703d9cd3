using Orchestrator.Storage.Schema;
using Orchestrator.Storage.Sqlite;
using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests.Schema;

public sealed class RefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Check_AnEmptyFolder_SaysThatItIsMissingAndCreatesNothing()
    {
        (await CheckAsync()).Code.ShouldBe("storage_missing");

        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Initialize_AnEmptyFolder_IsReadyAndKeepsAWriteAheadLog()
    {
        (await InitializeAsync()).Code.ShouldBe("storage_ready");

        (await CheckAsync()).IsReady.ShouldBeTrue();
        _folder.Execute("PRAGMA journal_mode").ShouldBe("wal");
    }

    [Fact]
    public async Task Initialize_AFolderThatIsNotThere_IsMadeForItsOwnerOnly()
    {
        var deeper = Path.Combine(_folder.Path, "a", "b");
        using var storage = new SqliteStorage(new StorageOptions { DataFolder = deeper });

        (await storage.InitializeAsync(Token)).IsReady.ShouldBeTrue();

        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(deeper).ShouldBe(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Initialize_ADatabaseOfSomethingElse_IsRefusedAndLeftAlone()
    {
        _folder.Execute("CREATE TABLE somebody_elses (x INTEGER)");
        var before = await File.ReadAllBytesAsync(_folder.Database, Token);

        var report = await InitializeAsync();

        report.Code.ShouldBe("storage_foreign");
        report.Sentence.ShouldContain("Name another data folder");
        (await File.ReadAllBytesAsync(_folder.Database, Token)).ShouldBe(before);
    }

    [Fact]
    public async Task Initialize_AFileThatIsNoDatabase_IsRefused()
    {
        await File.WriteAllTextAsync(_folder.Database, new string('x', 5000), Token);

        var report = await InitializeAsync();

        report.Code.ShouldBe("storage_foreign");
        report.Sentence.ShouldContain("is not a SQLite database");
    }

    [Theory]
    [InlineData("DROP TABLE OrleansStorage", "table OrleansStorage")]
    [InlineData("DROP TABLE OrleansQuery", "table OrleansQuery")]
    [InlineData("ALTER TABLE OrleansStorage DROP COLUMN ModifiedOn", "table OrleansStorage")]
    [InlineData("DELETE FROM OrleansQuery WHERE QueryKey = 'ReadFromStorageKey'", "query ReadFromStorageKey")]
    [InlineData("UPDATE OrleansQuery SET QueryText = 'SELECT 1'", "query ClearStorageKey")]
    [InlineData("DELETE FROM orchestrator_schema", "has no row")]
    [InlineData("DELETE FROM orchestrator_schema WHERE version = 1", "step 1 (records)")]
    [InlineData("UPDATE orchestrator_schema SET name = 'other' WHERE version = 2", "step 2 (queries)")]
    public async Task Initialize_AHalfMadeDatabase_IsRefusedWithWhatIsWrong(string damage, string named)
    {
        await InitializeAsync();
        _folder.Execute(damage);

        var report = await InitializeAsync();

        report.Code.ShouldBe("storage_incomplete");
        report.Sentence.ShouldContain(named);
        report.Sentence.ShouldContain("restore a backup");
    }

    [Fact]
    public async Task Check_ATableOfTheOperatorsOwn_DoesNoHarm()
    {
        await InitializeAsync();
        _folder.Execute("CREATE VIEW nodes AS SELECT PayloadBinary FROM OrleansStorage");

        (await CheckAsync()).IsReady.ShouldBeTrue();
    }

    [Fact]
    public async Task Check_APageOverwritten_IsDamaged()
    {
        await InitializeAsync();
        _folder.Execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
            INSERT INTO OrleansStorage SELECT 'node', '/' || i, 0, 0, 1, zeroblob(500), '' FROM n
            """);
        _folder.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        await using (var file = File.OpenWrite(_folder.Database))
        {
            file.Position = file.Length / 2 / 4096 * 4096;
            file.Write(new byte[4096 * 4]);
        }

        var report = await CheckAsync();

        report.Code.ShouldBe("storage_damaged");
        report.Sentence.ShouldContain("Restore a backup");
    }

    [Fact]
    public async Task Initialize_AFileInTheFoldersPlace_IsRefusedWithTheReason()
    {
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "", Token);
        using var storage = new SqliteStorage(new StorageOptions { DataFolder = file });

        var report = await storage.InitializeAsync(Token);

        report.Code.ShouldBe("storage_unusable");
        report.Sentence.ShouldContain("check that folder and file can be read and written");
    }

    [Fact]
    public void Construct_ABlankFolder_IsRefused() =>
        Should.Throw<ArgumentException>(() => new SqliteStorage(new StorageOptions { DataFolder = " " }))
            .Message.ShouldContain("Name the folder");

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<StorageReport> InitializeAsync()
    {
        using var storage = new SqliteStorage(_folder.Options);
        return await storage.InitializeAsync(Token);
    }

    private async Task<StorageReport> CheckAsync()
    {
        using var storage = new SqliteStorage(_folder.Options);
        return await storage.CheckAsync(Token);
    }
}
