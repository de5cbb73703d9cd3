using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Orchestrator.Domain.Checkpoints;

/// <summary>A checkpoint that is whole and verified. Without its manifest a checkpoint does not exist.</summary>
/// <param name="Job">The job.</param>
/// <param name="Step">The step after which the state was saved.</param>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="Shards">Its shards, by rank.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.CheckpointManifest")]
public sealed record CheckpointManifest(string Job, long Step, int Attempt, ImmutableArray<Shard> Shards)
{
    /// <summary>Its name.</summary>
    [JsonIgnore]
    public CheckpointId Id => new(Step, Attempt);

    /// <summary>What it survives.</summary>
    [JsonIgnore]
    public CheckpointTier Tier =>
        Shards.All(shard => shard.IsDurable) ? CheckpointTier.Durable
        : Shards.All(shard => shard.IsDurable || shard.Holders.Length >= 2) ? CheckpointTier.Replicated
        : CheckpointTier.Local;

    /// <summary>The same checkpoint, with its copies in the store only.</summary>
    /// <returns>The manifest without holders.</returns>
    public CheckpointManifest InStore() => this with
    {
        Shards = [.. Shards.Select(shard => shard with { Holders = [] })],
    };

    /// <summary>Every shard has a copy to restore it from.</summary>
    [JsonIgnore]
    public bool IsRestorable => Shards.All(shard => shard.IsRestorable);
}
