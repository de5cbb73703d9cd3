using Orchestrator.Cli.Development;

namespace Orchestrator.Cli.CommandLine;

/// <summary>The control plane that a command speaks to, and how it was found.</summary>
/// <param name="Address">Where it should listen.</param>
/// <param name="Source">What named it, for a sentence: "--server", a variable, "the default".</param>
/// <param name="Cluster">The development cluster whose record named it; null otherwise.</param>
internal sealed record ServerChoice(Uri Address, string Source, ClusterRecord? Cluster);
