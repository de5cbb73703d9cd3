namespace Orchestrator.Domain.Nodes;

/// <summary>Ranks that a host may still run under a lease that is over: they end before it takes work.</summary>
/// <param name="Job">Their job.</param>
/// <param name="Attempt">The newest attempt that may be left: agents end it and every earlier one.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.JobRemains")]
public sealed record JobRemains(string Job, int Attempt);
