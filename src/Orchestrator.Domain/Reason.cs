namespace Orchestrator.Domain;

/// <summary>Why something waits, was refused, or happened: shown unchanged in API, CLI, console and metrics.</summary>
/// <param name="Code">Machine code, lower-case words joined by underscores. Stable: part of the public API.</param>
/// <param name="Sentence">One sentence for a person.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.Reason")]
public sealed record Reason(string Code, string Sentence);
