using Orchestrator.Simulation.Checkers;
using Orchestrator.Simulation.Coverage;

namespace Orchestrator.Simulation.Replay;

/// <summary>What one seed came to.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Events">Events until everything healed, or until something was found.</param>
/// <param name="HealingEvents">Events after that, until the world came to rest.</param>
/// <param name="Faults">Faults among the events that took effect.</param>
/// <param name="Digest">The same for the same run.</param>
/// <param name="Coverage">What it reached.</param>
/// <param name="Found">What must never be and was; null when nothing was found.</param>
internal sealed record SeedResult(
    ulong Seed, int Events, int HealingEvents, int Faults, ulong Digest, CoverageMap Coverage, Violation? Found);
