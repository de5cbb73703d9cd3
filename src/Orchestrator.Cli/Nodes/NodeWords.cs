using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Nodes;

/// <summary>A node's facts in words.</summary>
internal static class NodeWords
{
    /// <summary>The phase, and beside it the flag of a cordon: a cordon is no phase of its own.</summary>
    public static string Phase(Node node) =>
        node.Cordons.Count == 0 ? Words.Of(node.Phase) : $"{Words.Of(node.Phase)}, cordoned";

    /// <summary>Each cordon with owner, reason and age, and what a drain waits for.</summary>
    public static void TellCordons(Node node, HumanOutput human)
    {
        foreach (var cordon in node.Cordons)
        {
            human.Line(
                $"Cordoned by {cordon.Owner} since {Words.Of(cordon.Since)}: {Words.WithCode(cordon.Reason)}"
                + (cordon.MovesJob ? "; a job on it is moved" : ""));
        }

        if (node.Drain is { } drain)
            human.Line($"Drain: {Words.WithCode(drain)}");
    }

    public static string Labels(Node node) => string.Join(
        ", ",
        node.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));

    public static string Contact(Node node) => node.IsConnected ? "yes" : "no";
}
