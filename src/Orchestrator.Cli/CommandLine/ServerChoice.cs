using Orchestrator.Cli.Development;

namespace Orchestrator.Cli.CommandLine;

/// <summary>The control plane that a command speaks to, and how it was found.</summary>
/// <param name="Addresses">Where its silos should listen; any of them will do.</param>
/// <param name="Source">What named it, for a sentence: "--server", a variable, "the default".</param>
/// <param name="Cluster">The development cluster whose record named it; null otherwise.</param>
internal sealed record ServerChoice(IReadOnlyList<Uri> Addresses, string Source, ClusterRecord? Cluster);
