namespace Orchestrator.Domain.Leases;

/// <summary>Rank 0's host is ready for an attempt.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="OperationId">The prepare that this answers.</param>
/// <param name="Port">Free TCP port for the rendezvous.</param>
/// <param name="CheckpointFault">What is wrong with the checkpoint; null when it matches its manifest.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.Preparation")]
public sealed record Preparation(int Attempt, string OperationId, int Port, Reason? CheckpointFault);
