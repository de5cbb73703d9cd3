using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Jobs;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>
/// A committed checkpoint leaves the lineage only when it is damaged, superseded, or older than the kept ones.
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

        foreach (var manifest in before)
        {
            if (!after.Contains(manifest) && !IsOutlived(manifest, change.After) && !IsGivenUp(manifest, change.Before)
                && !World.Shards.IsDamaged(manifest))
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
        var kept = after.Checkpoints.Committed;
        return kept.Length == after.Spec!.KeepCheckpoints && kept[^1].Step >= manifest.Step;
    }
}
