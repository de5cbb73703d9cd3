namespace Orchestrator.Domain.Nodes;

/// <summary>Keeps new work from a node. Only its owner lifts it.</summary>
/// <param name="Owner">Who set it, e.g. "orchestrator" or "operator".</param>
/// <param name="Reason">Why.</param>
/// <param name="Since">When, for display.</param>
/// <param name="MovesJob">A job on the node is moved to another one, rather than left to end there.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.Cordon")]
public sealed record Cordon(string Owner, Reason Reason, DateTimeOffset Since, bool MovesJob = false)
{
    /// <summary>The owner name of Orchestrator's own cordons.</summary>
    public const string Ours = "orchestrator";

    /// <summary>The owner name of people's cordons, where they name none.</summary>
    public const string Operators = "operator";
}
