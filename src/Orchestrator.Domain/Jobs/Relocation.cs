using Orchestrator.Domain.Leases;

namespace Orchestrator.Domain.Jobs;

/// <summary>The planned move of one member of a gang to another node, which was leased before anything stops.</summary>
/// <param name="Reason">Who drained its node, and why.</param>
/// <param name="At">When the move was decided.</param>
/// <param name="Successor">The lease that takes its place; null when that node failed meanwhile.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.Relocation")]
public sealed record Relocation(Reason Reason, DateTimeOffset At, LeaseGrant? Successor);
