using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Grains;

namespace Orchestrator.Simulation.Checkers;

/// <summary>A node's record was stored.</summary>
/// <param name="Name">The node.</param>
/// <param name="Call">What changed it.</param>
/// <param name="Owner">Whose cordon was set or lifted last.</param>
/// <param name="Before">The record before.</param>
/// <param name="After">The record as it is stored now.</param>
internal readonly record struct NodeChange(
    string Name, NodeCall Call, string? Owner, NodeState Before, NodeState After);
