using Orchestrator.Checkpoints;
using Orchestrator.Domain.Checkpoints;
using Proto = Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Damage;

/// <summary>Checkpoints as the rules, the store and the protocol have them.</summary>
internal static class Wire
{
    public static Proto.CheckpointManifest ToProto(this CheckpointManifest manifest)
    {
        var proto = new Proto.CheckpointManifest
        {
            JobId = manifest.Job,
            Step = (ulong)manifest.Step,
            Attempt = (uint)manifest.Attempt,
        };
        foreach (var shard in manifest.Shards)
        {
            var copy = new Proto.Shard { Rank = (uint)shard.Rank, Path = shard.Path };
            copy.Files.AddRange(shard.Files.Select(file => new Proto.ShardFile
            {
                Name = file.Name,
                SizeBytes = (ulong)file.SizeBytes,
                Sha256 = file.Sha256,
                Xxh128 = file.Xxh128,
            }));
            proto.Shards.Add(copy);
        }

        return proto;
    }

    public static Shard ToDomain(this StoredShard shard) => new(
        shard.Rank,
        shard.Path,
        [.. shard.Files.Select(file => new ShardFile(file.Name, file.SizeBytes, file.Sha256)
        {
            Xxh128 = file.Xxh128,
        })]);
}
