using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Nodes;

/// <summary>A node's facts in words.</summary>
internal static class NodeWords
{
    /// <summary>The phase, and beside it the flag of a cordon: a cordon is no phase of its own.</summary>
    public static string Phase(Node node) =>
        node.Cordons.Count == 0 ? Words.Of(node.Phase) : $"{Words.Of(node.Phase)}, cordoned";

    public static string Contact(Node node) => node.IsConnected ? "yes" : "no";
}
