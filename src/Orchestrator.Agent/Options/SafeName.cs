using System.Text.RegularExpressions;

namespace Orchestrator.Agent.Options;

/// <summary>Names that become folder names: nodes and jobs.</summary>
internal static partial class SafeName
{
    public const string Rule = "1 to 128 letters, digits, '.', '_' and '-', starting with a letter or digit";

    public static bool IsValid(string name) => Pattern().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex Pattern();
}
