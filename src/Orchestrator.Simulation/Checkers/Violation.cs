namespace Orchestrator.Simulation.Checkers;

/// <summary>Something that must never be.</summary>
/// <param name="Checker">Who found it.</param>
/// <param name="Sentence">What it is.</param>
internal sealed record Violation(string Checker, string Sentence);
