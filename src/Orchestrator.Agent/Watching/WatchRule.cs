using System.Globalization;
using System.Text.Json.Serialization;
using Orchestrator.Agent.Progress;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Watching;

/// <summary>Which file of a rank is taken into the checkpoints whenever it is finished.</summary>
/// <param name="Path">Absolute path or pattern.</param>
/// <param name="IsNumbered">
/// The "*" of the pattern stands for the step. So it is where each rank writes a part of its own: parts that are taken
/// by different agents at different moments belong together by that number alone.
/// </param>
/// <param name="KnowsSteps">What the job's progress tells are steps, and not bare counts of each attempt.</param>
/// <param name="ShardsExpected">How many ranks write a part.</param>
internal sealed record WatchRule(string Path, bool IsNumbered, bool KnowsSteps, uint ShardsExpected)
{
    private const string RankPlaceholder = "{rank}";

    [JsonIgnore]
    public WatchPattern Pattern { get; } = new(Path);

    /// <summary>The rule of one rank; null where nothing is watched, or rank 0 writes for all.</summary>
    public static WatchRule? Of(Launch launch, uint rank)
    {
        var isOfEachRank = launch.Watch.Contains(RankPlaceholder, StringComparison.Ordinal);
        return launch.Watch.Length == 0 || (rank != 0 && !isOfEachRank)
            ? null
            : new WatchRule(
                PathOf(launch, rank), isOfEachRank, TellsSteps(launch), isOfEachRank ? launch.WorldSize : 1);
    }

    /// <summary>Where a rank finds what its attempt goes on from, whoever wrote it.</summary>
    public static WatchPattern PatternOf(Launch launch, uint rank) => new(PathOf(launch, rank));

    /// <summary>The file that was written last; null where there is none.</summary>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    public FileStamp? Newest() => Pattern.Files()
        .OrderBy(file => file.WrittenAt).ThenBy(file => file.Path, StringComparer.Ordinal).LastOrDefault();

    private static string PathOf(Launch launch, uint rank) => System.IO.Path.GetFullPath(
        launch.Watch.Replace(RankPlaceholder, rank.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
        launch.WorkingDirectory);

    private static bool TellsSteps(Launch launch) => launch.Progress is null or { From: ProgressSource.Client }
        || ProgressRule.Compile(launch.Progress.Pattern).GroupNumberFromName(ProgressRule.StepGroup) >= 0;
}
