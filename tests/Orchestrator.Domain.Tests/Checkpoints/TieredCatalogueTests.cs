using CsCheck;
using Orchestrator.Domain.Checkpoints;

namespace Orchestrator.Domain.Tests.Checkpoints;

/// <summary>Two ranks on two hosts that save into memory.</summary>
public sealed class TieredCatalogueTests
{
    private static readonly CheckpointPolicy Keep = new(2);
    private static readonly Gen<(long Step, int Rank, int Tier)[]> Reports =
        Gen.Select(Gen.Int[1, 9].Select(step => 10L * step), Gen.Int[0, 1], Gen.Int[0, 2]).Array[0, 120];

    private static readonly Holder A = new("a", "10.0.0.1:7073");
    private static readonly Holder B = new("b", "10.0.0.2:7073");

    [Fact]
    public void Take_OneCopyOfEachShard_IsNotCommitted() =>
        Take(CheckpointCatalogue.Empty, 10, Held(0, 10, A), Held(1, 10, B)).Committed.ShouldBeEmpty();

    [Fact]
    public void Take_TwoCopiesOfEachShard_IsReplicatedAndNamedForUpload()
    {
        var catalogue = Replicated(CheckpointCatalogue.Empty, 10);

        catalogue.Newest!.Tier.ShouldBe(CheckpointTier.Replicated);
        catalogue.Upload.ShouldBe(new CheckpointId(10, 1));
    }

    [Fact]
    public void Take_PartnerRefusedACopy_IsCommittedAsLocal()
    {
        var refused = Held(0, 10, A) with { Unreplicated = new("memory_full", "b has no room.") };

        var catalogue = Take(CheckpointCatalogue.Empty, 10, refused, Held(1, 10, A, B));

        catalogue.Newest!.Tier.ShouldBe(CheckpointTier.Local);
    }

    [Fact]
    public void Take_NewerSaveDuringAnUpload_LeavesTheUploadToItsEnd()
    {
        var under = Replicated(Replicated(CheckpointCatalogue.Empty, 10), 20);

        under.Upload.ShouldBe(new CheckpointId(10, 1));

        var done = Take(under, 10, Durable(0, 10), Durable(1, 10));
        done.NewestDurable!.Step.ShouldBe(10);
        done.Upload.ShouldBe(new CheckpointId(20, 1));
    }

    [Fact]
    public void Take_ManyNewerSaves_KeepTheDurableOneAndTheOneOnItsWay()
    {
        var saved = Take(Replicated(CheckpointCatalogue.Empty, 10), 10, Durable(0, 10), Durable(1, 10));

        foreach (var step in new[] { 20, 30, 40, 50 })
            saved = Replicated(saved, step);

        saved.Committed.Select(manifest => manifest.Step).ShouldBe([50, 40, 20, 10]);
    }

    [Fact]
    public void Forget_HostWithItsCopies_KeepsWhatAnotherHolds()
    {
        var left = Replicated(CheckpointCatalogue.Empty, 10).Forget(["a"]);

        left.Newest!.Step.ShouldBe(10);
        left.Newest.Shards.ShouldAllBe(shard => shard.Holders.Single() == B);
    }

    [Fact]
    public void Forget_AllHosts_FallsBackToTheDurableOne()
    {
        var saved = Take(Replicated(CheckpointCatalogue.Empty, 10), 10, Durable(0, 10), Durable(1, 10));

        Replicated(saved, 20).Forget(["a", "b"]).Newest!.Step.ShouldBe(10);
    }

    [Fact]
    public void Resume_FromTheDurableOne_DropsWhatCameAfterIt()
    {
        var saved = Take(Replicated(CheckpointCatalogue.Empty, 10), 10, Durable(0, 10), Durable(1, 10));
        var lost = Replicated(saved, 20).Forget(["a", "b"]);

        var resumed = lost.Resume(lost.Newest);

        resumed.Committed.Single().Step.ShouldBe(10);
        resumed.Upload.ShouldBeNull();
    }

    [Fact]
    public void Resume_WhileAnOlderOneIsOnItsWay_BringsWhatItResumesFromToTheStore()
    {
        var saved = Replicated(Replicated(CheckpointCatalogue.Empty, 10), 20);

        saved.Upload.ShouldBe(new CheckpointId(10, 1));
        saved.Resume(saved.Newest).Upload.ShouldBe(new CheckpointId(20, 1));
    }

    [Fact]
    public void Take_UploadIsDamagedInMemory_LeavesItAndBringsANewerOneToTheStore()
    {
        var damaged = Held(0, 10, A, B) with { Damage = new("shard_hash_differs", "Both copies differ.") };

        var catalogue = Take(Replicated(Replicated(CheckpointCatalogue.Empty, 10), 20), 10, damaged);

        catalogue.Upload.ShouldBe(new CheckpointId(20, 1));
        catalogue.Committed.Select(manifest => manifest.Step).ShouldBe([20, 10]);
        Take(Replicated(CheckpointCatalogue.Empty, 10), 10, damaged).Upload.ShouldBeNull();
    }

    [Fact]
    public void Resume_FromWhatWasDamaged_BringsItToTheStoreSinceItWasHealed()
    {
        var damaged = Held(0, 10, A, B) with { Damage = new("shard_hash_differs", "Both copies differ.") };
        var saved = Take(Replicated(CheckpointCatalogue.Empty, 10), 10, damaged);

        saved.Resume(saved.Newest).Upload.ShouldBe(new CheckpointId(10, 1));
    }

    [Fact]
    public void Take_KeepEvery_KeepsThoseForGood()
    {
        var policy = new CheckpointPolicy(1, KeepEvery: 20);
        var catalogue = CheckpointCatalogue.Empty;
        foreach (var step in new[] { 10, 20, 30, 40, 50 })
        {
            foreach (var rank in new[] { 0, 1 })
                catalogue = catalogue.Take("job", new(1, step, Durable(rank, step), 2), 1, policy);
        }

        catalogue.Committed.Select(manifest => manifest.Step).ShouldBe([50, 40, 20]);
    }

    [Fact]
    public void Take_AnyReports_TheDurableIsNeverLostAndTheUploadIsKept() =>
        Reports.Sample(reports =>
        {
            var catalogue = CheckpointCatalogue.Empty;
            var durable = 0L;
            foreach (var (step, rank, tier) in reports)
            {
                var shard = tier switch
                {
                    0 => Held(rank, step, A),
                    1 => Held(rank, step, A, B),
                    _ => Durable(rank, step),
                };
                catalogue = catalogue.Take("job", new(1, step, shard, 2), 1, Keep);
                (catalogue.NewestDurable?.Step ?? 0).ShouldBeGreaterThanOrEqualTo(durable);
                durable = catalogue.NewestDurable?.Step ?? 0;
                if (catalogue.Upload is { } upload)
                    catalogue.Committed.ShouldContain(manifest => manifest.Id == upload);
                // Two newest, the durable one, the one on its way.
                catalogue.Committed.Length.ShouldBeLessThanOrEqualTo(4);
            }
        });

    private static CheckpointCatalogue Replicated(CheckpointCatalogue catalogue, long step) =>
        Take(catalogue, step, Held(0, step, A, B), Held(1, step, A, B));

    private static CheckpointCatalogue Take(CheckpointCatalogue catalogue, long step, params Shard[] shards) =>
        shards.Aggregate(catalogue, (taken, shard) => taken.Take("job", new(1, step, shard, 2), 1, Keep));

    private static Shard Held(int rank, long step, params Holder[] holders) =>
        new(rank, $"{step}/{rank}", []) { Holders = [.. holders], IsDurable = false };

    private static Shard Durable(int rank, long step) => Held(rank, step, A, B) with { IsDurable = true };
}
