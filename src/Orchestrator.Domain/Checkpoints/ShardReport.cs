using System.Text.Json.Serialization;

namespace Orchestrator.Domain.Checkpoints;

/// <summary>An agent says: this shard is written, synced and read back.</summary>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="Step">The step after which the state was saved.</param>
/// <param name="Shard">The shard.</param>
/// <param name="ShardsExpected">How many ranks write a shard of this checkpoint.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.ShardReport")]
public sealed record ShardReport(int Attempt, long Step, Shard Shard, int ShardsExpected)
{
    /// <summary>For how long the save held its rank up, in milliseconds; 0 where nobody measured it.</summary>
    [Id(0)] public int SaveMs { get; init; }

    /// <summary>The checkpoint that it is a part of.</summary>
    [JsonIgnore]
    public CheckpointId Checkpoint => new(Step, Attempt);
}
