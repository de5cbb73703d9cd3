using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Agent.Ranks;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Progress;

/// <summary>What a rank's steps are read from when its script does not report them.</summary>
/// <param name="Pattern">Matched against each line; empty where each change of the file counts as one.</param>
/// <param name="Files">Absolute paths of the followed files.</param>
internal sealed record ProgressRule(string Pattern, IReadOnlyList<string> Files)
{
    public const string StepGroup = "step";
    private const string RankPlaceholder = "{rank}";

    /// <summary>The rule of one rank; null where its script reports.</summary>
    public static ProgressRule? Of(Launch launch, uint rank, RankFolder folder) => launch.Progress?.From switch
    {
        ProgressSource.Log => new(launch.Progress.Pattern, [folder.StandardOutput, folder.StandardError]),
        ProgressSource.File => new(launch.Progress.Pattern, [PathOf(launch, rank)]),
        _ => null,
    };

    /// <summary>The pattern, in the form whose time to match is linear in the length of the line.</summary>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It needs what cannot be matched in linear time.</exception>
    public static Regex Compile(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static string PathOf(Launch launch, uint rank) => Path.GetFullPath(
        launch.Progress.Path.Replace(
            RankPlaceholder, rank.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
        launch.WorkingDirectory);
}
