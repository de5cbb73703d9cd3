using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Orchestrator.Domain;

/// <summary>Assertions that stay on in release: a broken one stops the turn before anything wrong is stored.</summary>
public static class Invariant
{
    /// <summary>Requires <paramref name="holds"/>.</summary>
    /// <param name="holds">What must be true.</param>
    /// <param name="expression">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">It is not true: a bug, never bad input.</exception>
    public static void That(
        [DoesNotReturnIf(false)] bool holds,
        [CallerArgumentExpression(nameof(holds))] string? expression = null)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Invariant broken: {expression}");
        }
    }
}
