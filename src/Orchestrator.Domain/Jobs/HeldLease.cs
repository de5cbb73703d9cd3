namespace Orchestrator.Domain.Jobs;

/// <summary>A lease that the job has still to give back.</summary>
/// <param name="Node">The node.</param>
/// <param name="LeaseNumber">The lease.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.HeldLease")]
public sealed record HeldLease(string Node, long LeaseNumber);
