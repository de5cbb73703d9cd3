namespace Orchestrator.Domain;

/// <summary>What a pure decision came to: the record as it shall be, and the refusal where there is one.</summary>
/// <typeparam name="TState">The stored record.</typeparam>
/// <param name="State">The new record; the same reference when nothing changed.</param>
/// <param name="Refusal">Why the request was refused; null when it was carried out.</param>
public readonly record struct Decision<TState>(TState State, Reason? Refusal = null)
    where TState : class
{
    /// <summary>A decision that carries its record and refuses nothing.</summary>
    /// <param name="state">The new record.</param>
    public static implicit operator Decision<TState>(TState state) => new(state);
}
