using System.Collections.Immutable;

namespace Orchestrator.Domain.Checkpoints;

/// <summary>The checkpoints of one job: what may be resumed from, and what is still arriving.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.CheckpointCatalogue")]
public sealed record CheckpointCatalogue
{
    /// <summary>Nothing saved yet.</summary>
    public static readonly CheckpointCatalogue Empty = new();

    /// <summary>Committed and verified, newest in the lineage first.</summary>
    [Id(0)] public ImmutableArray<CheckpointManifest> Committed { get; init; } = [];

    /// <summary>Shards of checkpoints that are not whole yet.</summary>
    [Id(1)] public ImmutableArray<ShardReport> Arriving { get; init; } = [];

    /// <summary>The checkpoint to resume from; null when there is none.</summary>
    public CheckpointManifest? Newest => Committed.IsEmpty ? null : Committed[0];

    /// <summary>Takes a shard in; commits the checkpoint when it was the last one missing.</summary>
    /// <param name="job">The job.</param>
    /// <param name="report">What the agent stored.</param>
    /// <param name="currentAttempt">The job's attempt: shards of any other are refused.</param>
    /// <param name="keep">How many committed checkpoints to keep.</param>
    /// <returns>The catalogue after it; the same reference when the report changes nothing.</returns>
    public CheckpointCatalogue Take(string job, ShardReport report, int currentAttempt, int keep)
    {
        ArgumentNullException.ThrowIfNull(report);
        var isOld = Committed.Any(manifest => manifest.Step >= report.Step && manifest.Attempt == report.Attempt);
        var isKnown = Arriving.Any(other => IsSameCheckpoint(other, report) && other.Shard.Rank == report.Shard.Rank);
        if (report.Attempt != currentAttempt || isOld || isKnown)
        {
            return this;
        }

        var arriving = Arriving.Add(report);
        var shards = arriving.Where(other => IsSameCheckpoint(other, report)).ToArray();
        if (shards.Length < report.ShardsExpected)
        {
            var kept = Bound(arriving);
            return kept.Contains(report) ? this with { Arriving = kept } : this;
        }

        var manifest = new CheckpointManifest(
            job, report.Step, report.Attempt, [.. shards.Select(other => other.Shard).OrderBy(shard => shard.Rank)]);
        return new CheckpointCatalogue
        {
            Committed = [manifest, .. Committed.Take(keep - 1)],
            Arriving = [.. arriving.Where(other => other.Step > report.Step)],
        };
    }

    /// <summary>A new attempt resumes from a checkpoint: later ones and half-arrived ones are superseded.</summary>
    /// <param name="from">What it resumes from; null when from nothing.</param>
    /// <returns>The catalogue of the new attempt's lineage.</returns>
    public CheckpointCatalogue Resume(CheckpointManifest? from) => new()
    {
        Committed = from is null ? [] : [.. Committed.SkipWhile(manifest => !IsSame(manifest, from))],
    };

    /// <summary>Drops the newest checkpoint, which turned out to be damaged.</summary>
    /// <returns>The catalogue with the one before it as the newest.</returns>
    public CheckpointCatalogue DropNewest() => this with { Committed = Committed.RemoveAt(0) };

    private static bool IsSame(CheckpointManifest one, CheckpointManifest other) =>
        one.Step == other.Step && one.Attempt == other.Attempt;

    private static bool IsSameCheckpoint(ShardReport one, ShardReport other) =>
        one.Step == other.Step && one.Attempt == other.Attempt;

    private static ImmutableArray<ShardReport> Bound(ImmutableArray<ShardReport> arriving)
    {
        var kept = arriving.Select(report => report.Step).Distinct().OrderDescending()
            .Take(Limits.PendingCheckpoints).ToHashSet();
        return [.. arriving.Where(report => kept.Contains(report.Step))];
    }
}
