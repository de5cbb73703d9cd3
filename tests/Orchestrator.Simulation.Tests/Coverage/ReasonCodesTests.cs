using System.Text.RegularExpressions;
using Orchestrator.Simulation.Coverage;

namespace Orchestrator.Simulation.Tests.Coverage;

/// <summary>A reason that the rules learn to give must be reached by the simulation, too.</summary>
public sealed partial class ReasonCodesTests
{
    [Fact]
    public void All_IsWhatTheRulesGive()
    {
        var codes = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(DomainFolder(), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}")))
        {
            foreach (Match match in Literals().Matches(File.ReadAllText(file)))
            {
                codes.UnionWith(match.Groups["code"].Captures.Select(capture => capture.Value));
            }
        }

        ReasonCodes.All.ShouldBe([.. codes], "add the code to ReasonCodes.All, and make the simulation reach it");
    }

    private static string DomainFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.ShouldNotBeNull().FullName, "src", "Orchestrator.Domain");
    }

    /// <summary>A reason made on the spot, one of two reasons, and the constants that hold the others.</summary>
    [GeneratedRegex("""
        new(?:\ Reason)?\(\s*(?:[\w.]+\s*\?\s*"(?<code>[a-z]+(?:_[a-z]+)*)"\s*:\s*)?"(?<code>[a-z]+(?:_[a-z]+)*)"\s*,
        |const\ string\ \w*Code\ =\ "(?<code>[a-z_]+)"
        """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Literals();
}
