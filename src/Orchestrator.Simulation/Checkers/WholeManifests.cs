using Orchestrator.Domain.Checkpoints;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>A manifest holds one shard of every rank, all written by the attempt that was current then.</summary>
internal sealed class WholeManifests(VirtualWorld world) : Checker(world)
{
    public override void JobStored(in JobChange change)
    {
        var (before, after) = (change.Before.Checkpoints.Committed, change.After.Checkpoints.Committed);
        if (before == after)
        {
            return;
        }

        var known = before.Select(manifest => manifest.Id).ToHashSet();
        foreach (var manifest in after)
        {
            if (known.Contains(manifest.Id))
            {
                continue;
            }

            if (manifest.Attempt != change.Before.Attempt)
            {
                Fail($"{change.Id} committed step {manifest.Step} of attempt {manifest.Attempt} late.");
            }

            Check(manifest, change.Id, change.After.Spec!.WorldSize);
        }
    }

    private void Check(CheckpointManifest manifest, string job, int worldSize)
    {
        var isWhole = manifest.Shards.Length == worldSize;
        for (var rank = 0; isWhole && rank < worldSize; rank++)
        {
            var stored = World.Shards.Find(manifest.Shards[rank].Path);
            isWhole = stored is not null && stored.Rank == rank && stored.Job == job
                && stored.Attempt == manifest.Attempt && stored.Step == manifest.Step;
        }

        if (!isWhole)
        {
            Fail($"{job} committed step {manifest.Step} with shards that do not belong to it.");
        }
    }
}
