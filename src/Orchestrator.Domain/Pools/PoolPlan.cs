using System.Collections.Immutable;

namespace Orchestrator.Domain.Pools;

/// <summary>What a request comes to.</summary>
/// <param name="State">The record after it.</param>
/// <param name="Candidates">Nodes to try, best first; empty when the job waits.</param>
/// <param name="Wait">What the job waits for; null when it may try.</param>
public sealed record PoolPlan(PoolState State, ImmutableArray<string> Candidates, Reason? Wait);
