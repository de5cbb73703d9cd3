namespace Orchestrator.Domain.Checkpoints;

/// <summary>A host found no good copy of a shard that its ranks need.</summary>
/// <param name="Attempt">The attempt that was to resume.</param>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="Fault">Each tier, and what is wrong there.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.RestoreFault")]
public sealed record RestoreFault(int Attempt, CheckpointId Checkpoint, Reason Fault);
