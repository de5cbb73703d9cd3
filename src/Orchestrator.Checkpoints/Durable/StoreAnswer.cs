namespace Orchestrator.Checkpoints.Durable;

/// <summary>What a store answered.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
/// <param name="Value">The answer; with a fault, what there was of it until then.</param>
/// <param name="Fault">Why the answer is not complete; null when it is.</param>
public sealed record StoreAnswer<T>(T? Value, CheckpointFault? Fault);
