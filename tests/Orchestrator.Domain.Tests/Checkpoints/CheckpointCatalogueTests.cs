using CsCheck;
using Orchestrator.Domain.Checkpoints;

namespace Orchestrator.Domain.Tests.Checkpoints;

public sealed class CheckpointCatalogueTests
{
    private static readonly CheckpointPolicy Keep = new(3);

    private static readonly Gen<(int Attempt, long Step, int Rank)[]> Reports =
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 8].Select(step => 10L * step), Gen.Int[0, 2]).Array[0, 80];

    [Fact]
    public void Take_EveryShardInAnyOrder_CommitsOnceOrderedByRank()
    {
        var catalogue = Saved(CheckpointCatalogue.Empty, 1, 10, 2, 0, 1);

        var manifest = catalogue.Committed.ShouldHaveSingleItem();
        manifest.Shards.Select(shard => shard.Rank).ShouldBe([0, 1, 2]);
        catalogue.Arriving.ShouldBeEmpty();
        Take(catalogue, 1, 10, 1).ShouldBeSameAs(catalogue);
    }

    [Fact]
    public void Take_MissingShard_CommitsNothing() =>
        Saved(CheckpointCatalogue.Empty, 1, 10, 0, 1).Newest.ShouldBeNull();

    [Fact]
    public void Take_OfAnEarlierAttempt_IsRefused() =>
        Take(CheckpointCatalogue.Empty, 1, 10, 0, current: 2).ShouldBeSameAs(CheckpointCatalogue.Empty);

    [Fact]
    public void Take_ManyUnfinished_GivesTheOldestUp()
    {
        var catalogue = CheckpointCatalogue.Empty;
        for (var step = 1; step <= 20; step++)
        {
            catalogue = Take(catalogue, 1, step, 0);
        }

        catalogue.Arriving.Select(report => report.Step).ShouldBe([17, 18, 19, 20]);
    }

    [Fact]
    public void Resume_SupersedesLaterOnesAndWhatWasArriving()
    {
        var catalogue = CheckpointCatalogue.Empty;
        foreach (var step in new[] { 10, 20, 30 })
        {
            catalogue = Saved(catalogue, 1, step, 0, 1, 2);
        }

        var resumed = Take(catalogue, 1, 40, 0).Resume(catalogue.Committed[1]);

        resumed.Committed.Select(manifest => manifest.Step).ShouldBe([20, 10]);
        resumed.Arriving.ShouldBeEmpty();
        resumed.Resume(null).Newest.ShouldBeNull();
    }

    [Fact]
    public void DropNewest_FallsBackToTheOneBeforeUntilNothingIsLeft()
    {
        var catalogue = Saved(Saved(CheckpointCatalogue.Empty, 1, 10, 0, 1, 2), 1, 20, 0, 1, 2);

        catalogue.DropNewest().Newest!.Step.ShouldBe(10);
        catalogue.DropNewest().DropNewest().Newest.ShouldBeNull();
    }

    [Fact]
    public void AnyReports_CommitOnlyWholeCheckpointsOfTheCurrentAttemptNewestFirst() => Reports.Sample(reports =>
    {
        const int Current = 2;
        var catalogue = CheckpointCatalogue.Empty;
        var committed = new HashSet<long>();
        foreach (var (attempt, step, rank) in reports)
        {
            var before = catalogue;
            catalogue = Take(catalogue, attempt, step, rank, Current);
            if (before.Newest != catalogue.Newest)
            {
                catalogue.Newest!.Attempt.ShouldBe(Current);
                catalogue.Newest.Shards.Length.ShouldBe(3);
                committed.Add(catalogue.Newest.Step).ShouldBeTrue("it was committed twice");
            }

            catalogue.Committed.Length.ShouldBeLessThanOrEqualTo(Keep.Keep);
            var steps = catalogue.Committed.Select(manifest => manifest.Step).ToArray();
            steps.SequenceEqual(steps.OrderDescending()).ShouldBeTrue();
            ReferenceEquals(Take(catalogue, attempt, step, rank, Current), catalogue).ShouldBeTrue();
        }
    });

    private static CheckpointCatalogue Saved(
        CheckpointCatalogue catalogue, int attempt, long step, params int[] ranks) =>
        ranks.Aggregate(catalogue, (one, rank) => Take(one, attempt, step, rank));

    private static CheckpointCatalogue Take(
        CheckpointCatalogue catalogue, int attempt, long step, int rank, int current = 1) =>
        catalogue.Take("job", new(attempt, step, new Shard(rank, $"{attempt}/{step}/{rank}", []), 3), current, Keep);
}
