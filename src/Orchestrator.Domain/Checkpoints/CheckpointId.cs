namespace Orchestrator.Domain.Checkpoints;

/// <summary>Names a checkpoint of a job.</summary>
/// <param name="Step">The step after which the state was saved.</param>
/// <param name="Attempt">The attempt that wrote it.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.CheckpointId")]
public sealed record CheckpointId(long Step, int Attempt);
