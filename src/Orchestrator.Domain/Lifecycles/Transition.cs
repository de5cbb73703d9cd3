namespace Orchestrator.Domain.Lifecycles;

/// <summary>One allowed step of a life cycle.</summary>
/// <typeparam name="TPhase">The states.</typeparam>
/// <typeparam name="TTrigger">What can happen.</typeparam>
/// <param name="From">The state before.</param>
/// <param name="Trigger">What happens.</param>
/// <param name="To">The state after.</param>
/// <param name="Meaning">When this applies, in a few words.</param>
public sealed record Transition<TPhase, TTrigger>(TPhase From, TTrigger Trigger, TPhase To, string Meaning)
    where TPhase : struct, Enum
    where TTrigger : struct, Enum;
