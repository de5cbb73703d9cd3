using Orchestrator.Domain.Nodes;

namespace Orchestrator.Simulation.Workload;

/// <summary>Who drains nodes besides Orchestrator itself.</summary>
internal static class Owners
{
    public static readonly IReadOnlyList<string> All = [Cordon.Operators, "slurm"];
}
