using System.Text.RegularExpressions;

namespace Orchestrator.Agent.Options;

/// <summary>What an operator says of a node, as KEY=VALUE.</summary>
internal static partial class Label
{
    /// <summary>Labels of one node: they stand in its record, which is rewritten at every change.</summary>
    public const int Most = 16;

    public const string Rule = "a key of 1 to 63 letters, digits, '.', '_', '-' and '/', starting with a letter or "
        + "digit; '='; and a value of 1 to 63 letters without spaces";

    /// <summary>Key and value, or null when it is no label.</summary>
    public static (string Key, string Value)? Parse(string text) =>
        Pattern().Match(text) is { Success: true } match
            ? (match.Groups["key"].Value, match.Groups["value"].Value)
            : null;

    [GeneratedRegex(@"\A(?<key>[A-Za-z0-9][A-Za-z0-9._/-]{0,62})=(?<value>[^\s\p{C}]{1,63})\z")]
    private static partial Regex Pattern();
}
