namespace Orchestrator.Domain.Lifecycles;

/// <summary>How long a state may last, and what happens then: no state is a dead end.</summary>
/// <typeparam name="TPhase">The states.</typeparam>
/// <param name="Phase">The state.</param>
/// <param name="Lasts">Its longest time in words, e.g. "60 s"; or that it has none.</param>
/// <param name="Escalation">What happens when that time is over.</param>
public sealed record PhaseDeadline<TPhase>(TPhase Phase, string Lasts, string Escalation)
    where TPhase : struct, Enum;
