using System.Collections.Immutable;

namespace Orchestrator.Domain.Checkpoints;

/// <summary>What one rank wrote of one checkpoint.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="Path">Path in the job's folder of the store; holds attempt and a random writer id.</param>
/// <param name="Files">Its files.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.Shard")]
public sealed record Shard(int Rank, string Path, ImmutableArray<ShardFile> Files);
