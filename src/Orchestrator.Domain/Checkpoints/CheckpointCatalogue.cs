using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Orchestrator.Domain.Checkpoints;

/// <summary>
/// The checkpoints of one job: what may be resumed from, what is still arriving, and where all of it is.
/// </summary>
[GenerateSerializer, Immutable, Alias("orchestrator.CheckpointCatalogue")]
public sealed record CheckpointCatalogue
{
    /// <summary>Nothing saved yet.</summary>
    public static readonly CheckpointCatalogue Empty = new();

    /// <summary>Committed and verified, newest in the lineage first.</summary>
    [Id(0)] public ImmutableArray<CheckpointManifest> Committed { get; init; } = [];

    /// <summary>Shards of checkpoints that are not whole yet, or not safe enough.</summary>
    [Id(1)] public ImmutableArray<ShardReport> Arriving { get; init; } = [];

    /// <summary>
    /// The committed one that is to reach the store now. One at a time, and that one to its end: a store that is slower
    /// than the saves would otherwise never get a whole one.
    /// </summary>
    [Id(2)] public CheckpointId? Upload { get; init; }

    /// <summary>The checkpoint to resume from; null when there is none.</summary>
    [JsonIgnore]
    public CheckpointManifest? Newest => Committed.FirstOrDefault(manifest => manifest.IsRestorable);

    /// <summary>The newest that is in the store; null when none is.</summary>
    [JsonIgnore]
    public CheckpointManifest? NewestDurable =>
        Committed.FirstOrDefault(manifest => manifest.Tier == CheckpointTier.Durable);

    /// <summary>Those that a copy is left of, newest first.</summary>
    [JsonIgnore]
    public IEnumerable<CheckpointManifest> Restorable => Committed.Where(CanRestore);

    /// <summary>Hosts keep only the newest in memory, and the one on its way to the store.</summary>
    /// <param name="manifest">A committed one.</param>
    /// <returns>Whether copies of it are in memory.</returns>
    public bool IsInMemory(CheckpointManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return (manifest.Id == Newest?.Id || manifest.Id == Upload)
            && manifest.Shards.Any(shard => !shard.Holders.IsEmpty);
    }

    /// <summary>Every shard has a copy that is not given up.</summary>
    /// <param name="manifest">A committed one.</param>
    /// <returns>Whether it can be resumed from.</returns>
    public bool CanRestore(CheckpointManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return manifest.Tier == CheckpointTier.Durable || (manifest.IsRestorable && IsInMemory(manifest));
    }

    /// <summary>
    /// Takes a shard in, or where else it is by now; commits the checkpoint when that was the last thing missing.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="report">What the agent stored.</param>
    /// <param name="currentAttempt">The job's attempt: new shards of any other are refused.</param>
    /// <param name="policy">How checkpoints are kept.</param>
    /// <returns>The catalogue after it; the same reference when the report changes nothing.</returns>
    public CheckpointCatalogue Take(string job, ShardReport report, int currentAttempt, CheckpointPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(policy);
        if (Committed.FirstOrDefault(manifest => manifest.Id == report.Checkpoint) is { } committed)
        {
            return Advance(committed, report.Shard, policy);
        }

        var isOld = Committed.Any(manifest => manifest.Step >= report.Step && manifest.Attempt == report.Attempt);
        var known = Arriving.FirstOrDefault(
            other => other.Checkpoint == report.Checkpoint && other.Shard.Rank == report.Shard.Rank);
        if (report.Attempt != currentAttempt || isOld || known?.Shard.IsBehind(report.Shard) == false)
        {
            return this;
        }

        var arriving = (known is null ? Arriving : Arriving.Remove(known)).Add(report);
        var shards = arriving.Where(other => other.Checkpoint == report.Checkpoint).ToArray();
        return shards.Length >= report.ShardsExpected && shards.All(other => CheckpointPolicy.IsSafe(other.Shard))
            ? Commit(job, report, shards, arriving, policy)
            : Bound(report, arriving);
    }

    /// <summary>
    /// A new attempt resumes from a checkpoint: later ones and half-arrived ones are superseded, and those that no copy
    /// is left of are gone. What was on its way to the store before is not brought there any more: who held it may be
    /// gone, or have other ranks. The hosts of the new attempt hold what it resumes from, so that is next.
    /// </summary>
    /// <param name="from">What it resumes from; null when from nothing.</param>
    /// <returns>The catalogue of the new attempt's lineage.</returns>
    public CheckpointCatalogue Resume(CheckpointManifest? from) => new CheckpointCatalogue
    {
        Committed = from is null
            ? []
            :
            [
                .. Committed.SkipWhile(manifest => manifest.Id != from.Id).Where(manifest => manifest.IsRestorable)
                    .Select(manifest => manifest.Id == from.Id ? AsRestored(manifest) : manifest),
            ],
    }.Designate();

    /// <summary>Drops a checkpoint that turned out to be damaged, or lost.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <returns>The catalogue without it.</returns>
    public CheckpointCatalogue Drop(CheckpointId checkpoint) =>
        (this with { Committed = Committed.RemoveAll(manifest => manifest.Id == checkpoint) }).Designate();

    /// <summary>Drops the newest checkpoint, which turned out to be damaged.</summary>
    /// <returns>The catalogue with the one before it as the newest.</returns>
    public CheckpointCatalogue DropNewest() => Newest is { } newest ? Drop(newest.Id) : this;

    /// <summary>
    /// Forgets all but the newest. What the job would resume from stays in any case, and so do the newest that cannot
    /// be lost and the one on its way to the store.
    /// </summary>
    /// <param name="keep">How many are kept.</param>
    /// <param name="pinned">One that a person wants to go on from; null: none.</param>
    /// <returns>The catalogue without them; the same reference where there is nothing to forget.</returns>
    public CheckpointCatalogue Prune(int keep, CheckpointId? pinned)
    {
        var (newest, durable) = (Newest, NewestDurable);
        ImmutableArray<CheckpointManifest> kept =
        [
            .. Committed.Where((manifest, age) => age < keep || manifest == newest || manifest == durable
                || manifest.Id == Upload || manifest.Id == pinned),
        ];
        return kept.Length == Committed.Length ? this : this with { Committed = kept };
    }

    /// <summary>Hosts are lost, and what was in their memory with them.</summary>
    /// <param name="nodes">Their nodes.</param>
    /// <returns>The catalogue without those copies; the same reference where there were none.</returns>
    public CheckpointCatalogue Forget(IReadOnlyCollection<string> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        return Committed.Any(manifest => manifest.Shards.Any(shard => shard.Holders.Any(IsGone)))
            ? (this with { Committed = [.. Committed.Select(WithoutGone)] }).Designate()
            : this;

        bool IsGone(Holder holder) => nodes.Contains(holder.Node);
        CheckpointManifest WithoutGone(CheckpointManifest manifest) => manifest with
        {
            Shards =
            [
                .. manifest.Shards.Select(shard => shard with { Holders = shard.Holders.RemoveAll(IsGone) }),
            ],
        };
    }

    private CheckpointCatalogue Advance(CheckpointManifest committed, Shard shard, CheckpointPolicy policy)
    {
        // The same rank may have written the step twice, in folders of their own: only the committed one is meant.
        var known = committed.Shards.FirstOrDefault(other => other.Path == shard.Path);
        if (known?.IsBehind(shard) != true)
        {
            return this;
        }

        var ahead = known with
        {
            IsDurable = known.IsDurable || shard.IsDurable,
            Holders = [.. shard.Holders, .. known.Holders.Where(holder => shard.Holders.All(
                other => other.Node != holder.Node))],
            Unreplicated = shard.Unreplicated ?? known.Unreplicated,
            Damage = shard.Damage ?? known.Damage,
        };
        var manifest = committed with { Shards = committed.Shards.Replace(known, ahead) };
        return (this with { Committed = Committed.Replace(committed, manifest) }).Retain(policy).Designate();
    }

    private CheckpointCatalogue Commit(
        string job, ShardReport last, ShardReport[] shards, ImmutableArray<ShardReport> arriving,
        CheckpointPolicy policy)
    {
        var manifest = new CheckpointManifest(
            job, last.Step, last.Attempt, [.. shards.Select(other => other.Shard).OrderBy(shard => shard.Rank)]);
        return (this with
        {
            Committed = [manifest, .. Committed],
            Arriving = [.. arriving.Where(other => other.Step > last.Step)],
        }).Retain(policy).Designate();
    }

    /// <summary>The newest few; the newest that cannot be lost; and those that the job keeps for good.</summary>
    private CheckpointCatalogue Retain(CheckpointPolicy policy)
    {
        var durable = NewestDurable;
        return this with
        {
            Committed =
            [
                .. Committed.Where((manifest, age) => age < policy.Keep || manifest == durable
                    || manifest.Id == Upload || manifest.Id == policy.Pinned || IsKeptForGood(manifest, policy)),
            ],
        };
    }

    // Each host compares what it restores, and replaces what is damaged: whatever was wrong before is not any more.
    private static CheckpointManifest AsRestored(CheckpointManifest manifest) =>
        manifest.Shards.All(shard => shard.Damage is null)
            ? manifest
            : manifest with { Shards = [.. manifest.Shards.Select(shard => shard with { Damage = null })] };

    private static bool IsKeptForGood(CheckpointManifest manifest, CheckpointPolicy policy) =>
        policy.KeepEvery > 0 && manifest.Step % policy.KeepEvery == 0 && manifest.Tier == CheckpointTier.Durable;

    private CheckpointCatalogue Designate()
    {
        var isUnderWay = Committed.Any(manifest => manifest.Id == Upload && IsUploadable(manifest));
        var newer = Committed.TakeWhile(manifest => manifest.Tier != CheckpointTier.Durable);
        return this with { Upload = isUnderWay ? Upload : newer.FirstOrDefault(IsUploadable)?.Id };
    }

    private static bool IsUploadable(CheckpointManifest manifest) =>
        manifest.Tier != CheckpointTier.Durable && manifest.IsRestorable
        && manifest.Shards.All(shard => shard.IsDurable || shard.Damage is null);

    private CheckpointCatalogue Bound(ShardReport report, ImmutableArray<ShardReport> arriving)
    {
        var kept = arriving.Select(other => other.Step).Distinct().OrderDescending()
            .Take(Limits.PendingCheckpoints).ToHashSet();
        return kept.Contains(report.Step)
            ? this with { Arriving = [.. arriving.Where(other => kept.Contains(other.Step))] }
            : this;
    }
}
