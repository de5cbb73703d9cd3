namespace Orchestrator.Domain.Checkpoints;

/// <summary>An agent that holds a shard in its host's memory, or is to hold one.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Address">HOST:PORT where other agents fetch it.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.Holder")]
public sealed record Holder(string Node, string Address);
