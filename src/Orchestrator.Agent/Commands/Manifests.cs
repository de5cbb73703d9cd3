using Orchestrator.Agent.Ranks;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Commands;

/// <summary>Maps the protocol's checkpoints to the store's and back.</summary>
internal static class Manifests
{
    public static StoredCheckpoint From(CheckpointManifest manifest) => new(
        manifest.JobId,
        (long)manifest.Step,
        (int)manifest.Attempt,
        [.. manifest.Shards.Select(From)]);

    public static ResumePoint? ResumePointOf(string store, CheckpointManifest? manifest)
    {
        if (manifest is null || manifest.Shards.Count == 0)
            return null;
        var folders = new FolderCheckpointStore(store);
        return new ResumePoint(
            manifest.Step,
            manifest.Shards.ToDictionary(shard => shard.Rank, shard => folders.PathOf(manifest.JobId, shard.Path)));
    }

    /// <summary>The part of a checkpoint that one rank is told to load: its own shard, or the lowest rank's.</summary>
    public static StoredCheckpoint? PartOf(CheckpointManifest? manifest, uint rank)
    {
        if (manifest is null || manifest.Shards.Count == 0)
            return null;
        var shard = manifest.Shards.FirstOrDefault(shard => shard.Rank == rank)
            ?? manifest.Shards.MinBy(shard => shard.Rank)!;
        return From(manifest) with { Shards = [From(shard)] };
    }

    public static Shard To(StoredShard shard)
    {
        var message = new Shard { Rank = (uint)shard.Rank, Path = shard.Path };
        message.Files.AddRange(shard.Files.Select(file => new ShardFile
        {
            Name = file.Name,
            SizeBytes = (ulong)file.SizeBytes,
            Sha256 = file.Sha256,
        }));
        return message;
    }

    private static StoredShard From(Shard shard) => new(
        (int)shard.Rank,
        shard.Path,
        [.. shard.Files.Select(file => new StoredFile(file.Name, (long)file.SizeBytes, file.Sha256))]);
}
