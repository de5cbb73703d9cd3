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
