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

    /// <summary>Where the parts of a checkpoint lie on this host, by the rank that wrote them.</summary>
    /// <param name="folder">The store's folder, or that of this host's memory.</param>
    /// <param name="manifest">The checkpoint; null when the attempt starts from nothing.</param>
    public static ResumePoint? ResumePointOf(string folder, CheckpointManifest? manifest)
    {
        if (manifest is null || manifest.Shards.Count == 0)
            return null;
        var folders = new FolderCheckpointStore(folder);
        return new ResumePoint(
            manifest.Step,
            manifest.Shards.ToDictionary(shard => shard.Rank, shard => folders.PathOf(manifest.JobId, shard.Path)));
    }

    /// <summary>The part of a checkpoint that one rank is told to load: its own shard, or the lowest rank's.</summary>
    public static StoredCheckpoint? PartOf(CheckpointManifest? manifest, uint rank)
    {
        if (manifest is null || manifest.Shards.Count == 0)
            return null;
        return From(manifest) with { Shards = [From(ShardFor(manifest, rank))] };
    }

    /// <summary>The rank's own shard, or the lowest rank's where it wrote none.</summary>
    public static Shard ShardFor(CheckpointManifest manifest, uint rank) =>
        manifest.Shards.FirstOrDefault(shard => shard.Rank == rank) ?? manifest.Shards.MinBy(shard => shard.Rank)!;

    public static Shard To(StoredShard shard)
    {
        var message = new Shard { Rank = (uint)shard.Rank, Path = shard.Path };
        message.Files.AddRange(shard.Files.Select(file => new ShardFile
        {
            Name = file.Name,
            SizeBytes = (ulong)file.SizeBytes,
            Sha256 = file.Sha256,
            Xxh128 = file.Xxh128,
        }));
        return message;
    }

    /// <summary>The shard of a rank that wrote into the store itself.</summary>
    public static Shard ToDurable(StoredShard shard)
    {
        var message = To(shard);
        message.IsDurable = true;
        return message;
    }

    public static StoredShard From(Shard shard) => new(
        (int)shard.Rank,
        shard.Path,
        [.. shard.Files.Select(file => new StoredFile(file.Name, (long)file.SizeBytes, file.Sha256)
        {
            Xxh128 = file.Xxh128,
        })]);
}
