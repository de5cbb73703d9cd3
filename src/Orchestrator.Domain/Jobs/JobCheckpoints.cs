using System.Collections.Immutable;
using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Incidents;

namespace Orchestrator.Domain.Jobs;

/// <summary>The rules of what becomes of a job's checkpoints when its hosts change, and when it ends.</summary>
public static class JobCheckpoints
{
    /// <summary>Takes in what a node reports of its shards.</summary>
    /// <param name="state">The record.</param>
    /// <param name="shards">The reports.</param>
    /// <returns>The record with them; the same reference when they bring nothing.</returns>
    public static JobState Take(JobState state, ImmutableArray<ShardReport> shards)
    {
        ArgumentNullException.ThrowIfNull(state);
        var policy = new CheckpointPolicy(state.Spec!.KeepCheckpoints, state.Spec.KeepEvery)
        {
            Pinned = state.Rewind?.Checkpoint,
        };
        return shards.Aggregate(state, (job, shard) => Take(job, shard, policy));
    }

    /// <summary>
    /// Before the next attempt: what was in the memory of lost hosts is gone, and a checkpoint that could not be
    /// restored is given up for the one before it. The incident says so.
    /// </summary>
    /// <param name="state">The record.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record with what is left to resume from.</returns>
    public static JobState Sift(JobState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var lost = state.Gang.Where(member => member.Report is { IsRevoked: true }).Select(member => member.Node)
            .ToHashSet(StringComparer.Ordinal);
        var sifted = Forget(state, lost, now);
        return state.Gang.Select(member => member.RestoreFault(state.Attempt)).OfType<RestoreFault>()
            .Aggregate(sifted, (job, fault) => GiveUp(job, fault.Checkpoint, fault.Fault.Sentence, now));
    }

    /// <summary>
    /// The job has ended, and its newest checkpoint is on its way from its hosts' memory to the store: they are not
    /// given back before, within reason.
    /// </summary>
    /// <param name="state">The record.</param>
    /// <param name="now">Now.</param>
    /// <returns>Whether its hosts are still needed.</returns>
    public static bool IsSaving(JobState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.EndedAt is { } ended && state.Checkpoints.Upload is not null
            && now < ended + Timings.LastUpload;
    }

    /// <summary>
    /// The part of a checkpoint that ranks load: their own shards, and the lowest rank's for those without.
    /// </summary>
    internal static CheckpointManifest? PartFor(CheckpointManifest? manifest, IReadOnlyCollection<int> ranks) =>
        manifest is null
            ? null
            : manifest with
            {
                Shards =
                [
                    .. manifest.Shards.Where((shard, index) => index == 0 || ranks.Contains(shard.Rank)),
                ],
            };

    /// <summary>The part of a checkpoint that a node holds in memory.</summary>
    internal static CheckpointManifest PartHeldBy(CheckpointManifest manifest, string node) => manifest with
    {
        Shards = [.. manifest.Shards.Where(shard => shard.Holders.Any(holder => holder.Node == node))],
    };

    private static JobState Take(JobState state, ShardReport shard, CheckpointPolicy policy)
    {
        var before = state.Checkpoints;
        var after = before.Take(state.Id, shard, JobRewind.SavingAttempt(state), policy);
        if (ReferenceEquals(after, before))
        {
            return state;
        }

        var isCommit = after.Has(shard.Checkpoint) && !before.Has(shard.Checkpoint);
        var parts = before.Arriving.Where(part => part.Checkpoint == shard.Checkpoint).Append(shard);
        return state with
        {
            Checkpoints = after,
            SaveCostsMs = isCommit ? SaveCosts.Add(state.SaveCostsMs, parts) : state.SaveCostsMs,
        };
    }

    private static bool Has(this CheckpointCatalogue catalogue, CheckpointId checkpoint) =>
        catalogue.Committed.Any(manifest => manifest.Id == checkpoint);

    private static JobState Forget(JobState state, IReadOnlyCollection<string> lost, DateTimeOffset now)
    {
        var left = state.Checkpoints.Forget(lost);
        return left.Committed.Where(manifest => !manifest.IsRestorable).Aggregate(
            state with { Checkpoints = left },
            (job, manifest) => GiveUp(
                job, manifest.Id, $"it was only in the memory of lost hosts ({string.Join(", ", lost)})", now));
    }

    private static JobState GiveUp(JobState state, CheckpointId checkpoint, string why, DateTimeOffset now) =>
        state.Checkpoints.Committed.All(manifest => manifest.Id != checkpoint)
            ? state
            : (state with { Checkpoints = state.Checkpoints.Drop(checkpoint) }).OnIncident(incident => incident.Add(
                now,
                TimelineEvents.CheckpointRefused,
                $"step {checkpoint.Step} of attempt {checkpoint.Attempt}: {why}"));
}
