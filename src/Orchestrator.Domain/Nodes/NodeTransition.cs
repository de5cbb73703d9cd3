namespace Orchestrator.Domain.Nodes;

/// <summary>A step that a node took.</summary>
/// <param name="At">When, for display.</param>
/// <param name="From">The state before.</param>
/// <param name="To">The state after.</param>
/// <param name="Reason">Why.</param>
/// <param name="Incident">The incident it belongs to; null when to none.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.NodeTransition")]
public sealed record NodeTransition(
    DateTimeOffset At, NodePhase From, NodePhase To, Reason Reason, string? Incident);
