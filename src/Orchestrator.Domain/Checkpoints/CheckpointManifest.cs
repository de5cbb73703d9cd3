using System.Collections.Immutable;

namespace Orchestrator.Domain.Checkpoints;

/// <summary>A checkpoint that is whole and verified. Without its manifest a checkpoint does not exist.</summary>
/// <param name="Job">The job.</param>
/// <param name="Step">The step after which the state was saved.</param>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="Shards">Its shards, by rank.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.CheckpointManifest")]
public sealed record CheckpointManifest(string Job, long Step, int Attempt, ImmutableArray<Shard> Shards);
