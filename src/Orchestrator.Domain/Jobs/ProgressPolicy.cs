using System.Text.RegularExpressions;

namespace Orchestrator.Domain.Jobs;

/// <summary>How the progress of a job's ranks is learnt.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.ProgressPolicy")]
public sealed record ProgressPolicy
{
    /// <summary>The name of the pattern's group that holds the number of finished steps.</summary>
    public const string StepGroup = "step";

    /// <summary>The script reports through the client.</summary>
    public static ProgressPolicy Client { get; } = new();

    /// <summary>Who tells.</summary>
    [Id(0)] public ProgressSource From { get; init; }

    /// <summary>
    /// Matched against each line of the log or the file. A group named "step" gives the step; without it each
    /// matching line counts as one. Empty for the client, and for a file of which each change counts as one.
    /// </summary>
    [Id(1)] public string Pattern { get; init; } = "";

    /// <summary>
    /// The file, absolute or relative to the working directory; "{rank}" stands for the rank's number.
    /// </summary>
    [Id(2)] public string Path { get; init; } = "";

    /// <summary>
    /// It counts signs of life and knows no steps: each attempt counts from one, so that counts of two attempts say
    /// nothing about each other, and two counts are not two steps of the gang.
    /// </summary>
    /// <returns>False where steps are told.</returns>
    public bool IsBareCount() => From != ProgressSource.Client
        && (Pattern.Length == 0 || Compile(Pattern).GroupNumberFromName(StepGroup) < 0);

    /// <summary>The pattern, in the form whose time to match is linear in the length of the line.</summary>
    /// <param name="pattern">The regular expression.</param>
    /// <returns>The compiled pattern.</returns>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It needs what cannot be matched in linear time.</exception>
    internal static Regex Compile(string pattern) =>
        new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
