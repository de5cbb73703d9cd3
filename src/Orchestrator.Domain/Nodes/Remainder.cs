namespace Orchestrator.Domain.Nodes;

/// <summary>What an earlier lease left on a host: it must be ended before the node takes work.</summary>
/// <param name="Job">The job.</param>
/// <param name="Attempt">Its highest attempt found there; that and every earlier one is ended, never a later one.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.Remainder")]
public sealed record Remainder(string Job, int Attempt);
