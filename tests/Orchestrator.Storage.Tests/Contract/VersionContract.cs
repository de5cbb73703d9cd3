using Orchestrator.Domain.Storage;
using Orchestrator.Storage.Tests.Support;
using Orleans.Storage;

namespace Orchestrator.Storage.Tests.Contract;

/// <summary>Of several writers who know the same version of a record, one wins; the others learn of it.</summary>
public abstract class VersionContract(StorageSilo silo)
{
    [Fact]
    public async Task Write_TwoWritersThatKnowTheSameVersion_ExactlyOneWins()
    {
        var first = await NewState("duel", SampleRecord.Of("duel", 1));
        var second = new GrainState<SampleRecord>(SampleRecord.Of("duel", 3), first.ETag) { RecordExists = true };
        first.State = SampleRecord.Of("duel", 2);

        var outcomes = await Task.WhenAll(TryWrite("duel", first), TryWrite("duel", second));

        outcomes.Count(won => won).ShouldBe(1);
        var expected = outcomes[0] ? 2 : 3;
        (await Read("duel")).State!.LeaseNumber.ShouldBe(expected);
    }

    [Fact]
    public async Task Write_TwoWritersOfANewRecord_ExactlyOneWins()
    {
        var outcomes = await Task.WhenAll(
            TryWrite("birth", new GrainState<SampleRecord>(SampleRecord.Of("birth", 1))),
            TryWrite("birth", new GrainState<SampleRecord>(SampleRecord.Of("birth", 2))));

        outcomes.Count(won => won).ShouldBe(1);
    }

    [Fact]
    public async Task Write_AVersionOfARecordThatIsNotThere_IsRefused()
    {
        var state = new GrainState<SampleRecord>(SampleRecord.Of("ghost"), "7") { RecordExists = true };

        (await TryWrite("ghost", state)).ShouldBeFalse();

        (await Read("ghost")).RecordExists.ShouldBeFalse();
    }

    [Fact]
    public async Task Write_AfterAConflict_TheLoserReadsAgainAndWins()
    {
        var winner = await NewState("again", SampleRecord.Of("again", 1));
        var loser = await Read("again");
        await Write("again", winner);
        (await TryWrite("again", loser)).ShouldBeFalse();

        var reread = await Read("again");
        reread.State = SampleRecord.Of("again", 9);

        (await TryWrite("again", reread)).ShouldBeTrue();
    }

    [Fact]
    public async Task Write_ByOneWhoMissedTheClearing_IsRefused()
    {
        // An activation that was left over from before must not pass for the owner of the record's second life.
        var owner = await NewState("second-life", SampleRecord.Of("second-life", 1));
        var late = SampleRecord.Of("second-life", 99);
        var leftOver = new GrainState<SampleRecord>(late, owner.ETag) { RecordExists = true };
        await silo.Storage.ClearStateAsync(RecordKinds.Node, Id("second-life"), owner);
        owner.State = SampleRecord.Of("second-life", 2);
        await Write("second-life", owner);

        (await TryWrite("second-life", leftOver)).ShouldBeFalse();

        (await Read("second-life")).State!.LeaseNumber.ShouldBe(2);
    }

    [Fact]
    public async Task Clear_AnOldVersion_IsRefused()
    {
        var state = await NewState("old-clear", SampleRecord.Of("old-clear", 1));
        var old = new GrainState<SampleRecord>(state.State!, state.ETag) { RecordExists = true };
        await Write("old-clear", state);

        await Should.ThrowAsync<InconsistentStateException>(
            () => silo.Storage.ClearStateAsync(RecordKinds.Node, Id("old-clear"), old));

        (await Read("old-clear")).RecordExists.ShouldBeTrue();
    }

    private static GrainId Id(string key) => GrainId.Create("sample", key);

    private async Task<GrainState<SampleRecord>> NewState(string key, SampleRecord record)
    {
        var state = new GrainState<SampleRecord>(record);
        await Write(key, state);
        return state;
    }

    private async Task<GrainState<SampleRecord>> Read(string key)
    {
        var state = new GrainState<SampleRecord>();
        await silo.Storage.ReadStateAsync(RecordKinds.Node, Id(key), state);
        return state;
    }

    private Task Write(string key, GrainState<SampleRecord> state) =>
        silo.Storage.WriteStateAsync(RecordKinds.Node, Id(key), state);

    private async Task<bool> TryWrite(string key, GrainState<SampleRecord> state)
    {
        try
        {
            await Write(key, state);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }
}
