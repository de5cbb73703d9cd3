using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Jobs;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>
/// A checkpoint in the store leaves the lineage only when it is damaged, superseded, or older than the kept ones.
/// </summary>
internal sealed class KeptLineage(VirtualWorld world) : Checker(world)
{
    public override void JobStored(in JobChange change)
    {
        var (before, after) = (change.Before.Checkpoints.Committed, change.After.Checkpoints.Committed);
        if (before == after)
        {
            return;
        }

        var kept = after.Select(manifest => manifest.Id).ToHashSet();
        // What is in the memory of hosts only is lost with them; what is in the store never is.
        foreach (var manifest in before.Where(manifest => manifest.Tier == CheckpointTier.Durable))
        {
            if (!kept.Contains(manifest.Id) && !IsOutlived(manifest, change.After)
                && !IsGivenUp(manifest, change.Before) && !World.Shards.IsDamaged(manifest))
            {
                Fail($"{change.Id} forgot its whole checkpoint of step {manifest.Step}, attempt {manifest.Attempt}.");
            }
        }
    }

    /// <summary>A person wants to go on from an earlier one.</summary>
    private static bool IsGivenUp(CheckpointManifest manifest, JobState before) =>
        before.Rewind is { } rewind && manifest.Step > rewind.Checkpoint.Step;

    private static bool IsOutlived(CheckpointManifest manifest, JobState after)
    {
        var (kept, count) = (after.Checkpoints.Committed, after.Spec!.KeepCheckpoints);
        return kept.Length >= count && kept[count - 1].Step >= manifest.Step
            && after.Checkpoints.NewestDurable?.Step >= manifest.Step;
    }
}
