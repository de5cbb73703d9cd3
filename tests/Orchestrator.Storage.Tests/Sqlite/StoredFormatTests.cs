using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests.Sqlite;

/// <summary>What the rows look like. The read model and operators' own queries rely on it.</summary>
public sealed class StoredFormatTests(SqliteSilo silo) : IClassFixture<SqliteSilo>
{
    [Fact]
    public async Task Write_ANodeRecord_IsOneRowUnderItsKindAndKey()
    {
        await silo.Grain("rack/1").WriteAsync(SampleRecord.Of("n1"));

        silo.Folder.Execute(
            """
            SELECT GrainTypeString || ' ' || GrainIdExtensionString || ' ' || GrainIdN0 || ' ' || GrainIdN1
              || ' ' || Version || ' ' || json_extract(PayloadBinary, '$.name')
            FROM OrleansStorage WHERE GrainIdExtensionString = '/rack/1'
            """).ShouldBe("node /rack/1 0 0 1 n1");
    }

    [Fact]
    public async Task Clear_ANodeRecord_TheRowStaysWithANewVersionAndNoPayload()
    {
        await silo.Grain("cleared").WriteAsync(SampleRecord.Of("cleared"));

        await silo.Grain("cleared").ClearAsync();

        silo.Folder.Execute(
            """
            SELECT Version || ' ' || ifnull(PayloadBinary, 'nothing')
            FROM OrleansStorage WHERE GrainIdExtensionString = '/cleared'
            """).ShouldBe("2 nothing");
    }

    [Fact]
    public async Task List_ARecordThatDoesNotFit_IsNamed()
    {
        await using var other = new SqliteSilo();
        await other.InitializeAsync();
        other.Folder.Execute("INSERT INTO OrleansStorage VALUES ('node', '//odd', 0, 0, 1, x'7B7D', '')");

        var error = await Should.ThrowAsync<Storage.Json.UnreadableRecordException>(
            () => other.ReadModel.ListAsync<SampleRecord>("node"));

        error.Message.ShouldContain("The stored node record \"/odd\" cannot be read as SampleRecord");
    }

    [Fact]
    public async Task Write_AVersionAtTheEndOfItsRange_IsRefusedAndNothingIsLost()
    {
        await silo.Grain("worn").WriteAsync(SampleRecord.Of("worn", 1));
        silo.Folder.Execute(
            "UPDATE OrleansStorage SET Version = 2147483647 WHERE GrainIdExtensionString = '/worn'");
        await silo.Grain("worn").ReadAsync();

        await Should.ThrowAsync<Exception>(() => silo.Grain("worn").WriteAsync(SampleRecord.Of("worn", 2)));

        (await silo.Grain("worn").ReadAsync()).ShouldNotBeNull().LeaseNumber.ShouldBe(1);
    }

    [Fact]
    public void List_OneKind_ReadsOnlyThatKindsStretchOfTheIndex() =>
        silo.Folder.Plan(
            "SELECT PayloadBinary FROM OrleansStorage WHERE GrainTypeString = 'node' AND PayloadBinary IS NOT NULL")
            .ShouldBe("SEARCH OrleansStorage USING INDEX sqlite_autoindex_OrleansStorage_1 (GrainTypeString=?)");
}
