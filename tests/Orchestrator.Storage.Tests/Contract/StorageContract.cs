using Orchestrator.Domain.Storage;
using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests.Contract;

/// <summary>What every storage promises to grains and views, whatever it is made of.</summary>
public abstract class StorageContract(StorageSilo silo)
{
    [Fact]
    public async Task Read_NeverWritten_ThereIsNoRecord() =>
        (await silo.Grain("never-written").ReadAsync()).ShouldBeNull();

    [Fact]
    public async Task Write_ThenRead_EverythingComesBack()
    {
        var record = Samples.Full("all-shapes");
        var grain = silo.Grain("all-shapes");

        await grain.WriteAsync(record);

        (await grain.ReadAsync()).ShouldHaveTheContentOf(record);
    }

    [Fact]
    public async Task Write_Twice_TheSecondStays()
    {
        var grain = silo.Grain("twice");

        await grain.WriteAsync(SampleRecord.Of("twice", 1));
        await grain.WriteAsync(SampleRecord.Of("twice", 2));

        (await grain.ReadAsync()).ShouldNotBeNull().LeaseNumber.ShouldBe(2);
    }

    [Fact]
    public async Task Write_AHundredKilobytes_EverythingComesBack()
    {
        var grain = silo.Grain("large");
        var record = SampleRecord.Of(new string('x', 100 * 1024));

        await grain.WriteAsync(record);

        (await grain.ReadAsync()).ShouldNotBeNull().Name.ShouldBe(record.Name);
    }

    [Fact]
    public async Task Clear_Written_TheRecordIsGone()
    {
        var grain = silo.Grain("cleared");
        await grain.WriteAsync(SampleRecord.Of("cleared"));

        await grain.ClearAsync();

        (await grain.ReadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Clear_NeverWritten_NothingHappens()
    {
        var grain = silo.Grain("cleared-unwritten");

        await grain.ClearAsync();

        (await grain.ReadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Clear_ThenWrite_TheNewRecordIsThere()
    {
        var grain = silo.Grain("reborn");
        await grain.WriteAsync(SampleRecord.Of("reborn", 1));
        await grain.ClearAsync();

        await grain.WriteAsync(SampleRecord.Of("reborn", 2));

        (await grain.ReadAsync()).ShouldNotBeNull().LeaseNumber.ShouldBe(2);
    }

    [Fact]
    public async Task List_SomeClearedSomeNot_OnlyTheOthersAreListed()
    {
        foreach (var key in new[] { "list-1", "list-2", "list-3" })
            await silo.Grain(key).WriteAsync(SampleRecord.Of(key));

        await silo.Grain("list-2").ClearAsync();

        var names = (await List()).Select(record => record.Name);
        names.Where(name => name.StartsWith("list-", StringComparison.Ordinal))
            .ShouldBe(["list-1", "list-3"], ignoreOrder: true);
    }

    [Fact]
    public async Task List_ARecordOfEveryShape_EverythingIsListed()
    {
        var record = Samples.Full("listed-shapes");
        await silo.Grain("listed-shapes").WriteAsync(record);

        (await List()).Single(listed => listed.Name == "listed-shapes").ShouldHaveTheContentOf(record);
    }

    [Fact]
    public async Task List_AKindNobodyStored_IsEmpty() =>
        (await silo.ReadModel.ListAsync<SampleRecord>(
            RecordKinds.Incident, TestContext.Current.CancellationToken)).ShouldBeEmpty();

    [Fact]
    public async Task List_NoKind_IsRefused() =>
        await Should.ThrowAsync<ArgumentException>(() => silo.ReadModel.ListAsync<SampleRecord>(" "));

    [Theory]
    [InlineData("ü-節点-🖥")]
    [InlineData("rack/12/node/3")]
    [InlineData("/leading")]
    [InlineData("with space and 'quote' and \"double\"")]
    [InlineData("a+b")]
    [InlineData("%_?*")]
    [InlineData("GPU-8f1d3c52-0000-4e3f-9a1b-0123456789ab")]
    public async Task Write_AnOddKey_ComesBackUnderIt(string key)
    {
        await silo.Grain(key).WriteAsync(SampleRecord.Of(key));

        (await silo.Grain(key).ReadAsync()).ShouldNotBeNull().Name.ShouldBe(key);
    }

    [Fact]
    public async Task Write_AKeyOfAThousandCharacters_ComesBackUnderIt()
    {
        var (one, other) = (new string('k', 1000) + "1", new string('k', 1000) + "2");

        await silo.Grain(one).WriteAsync(SampleRecord.Of("one"));
        await silo.Grain(other).WriteAsync(SampleRecord.Of("other"));

        (await silo.Grain(one).ReadAsync()).ShouldNotBeNull().Name.ShouldBe("one");
    }

    [Fact]
    public async Task Write_KeysThatReadAsTheSameNumber_EachHasItsOwnRecord()
    {
        string[] keys =
        [
            "cafe", "CAFE", "0cafe", "1", "01", "1+x", "01+x",
            "0123456789abcdef0123456789abcdef", "0123456789ABCDEF0123456789ABCDEF",
        ];

        foreach (var key in keys)
            await silo.Grain(key).WriteAsync(SampleRecord.Of(key));

        foreach (var key in keys)
            (await silo.Grain(key).ReadAsync()).ShouldNotBeNull().Name.ShouldBe(key);
    }

    private async Task<IReadOnlyList<SampleRecord>> List() =>
        await silo.ReadModel.ListAsync<SampleRecord>(RecordKinds.Node, TestContext.Current.CancellationToken);
}
