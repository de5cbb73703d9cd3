using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Agent.Progress;

/// <summary>Reads the steps of one rank out of what it writes.</summary>
internal sealed class ProgressReader(ProgressRule rule)
{
    private readonly Regex _pattern = ProgressRule.Compile(rule.Pattern);
    private readonly IFollowed[] _files = rule.Pattern.Length > 0
        ? [.. rule.Files.Select(path => new FollowedFile(path))]
        : [.. rule.Files.Select(path => new WatchedFile(path))];

    /// <summary>Held while a look and what follows from it are under way: marks and counts belong together.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The file could not be read at the last look.</summary>
    public bool HasFailed { get; set; }

    /// <summary>How far each file was read.</summary>
    public IReadOnlyList<FileMark> Marks => [.. _files.Select(file => file.Mark)];

    /// <summary>Goes on where an earlier agent stopped, or where the files ended at the launch.</summary>
    public void GoOnFrom(IReadOnlyList<FileMark>? marks)
    {
        foreach (var (file, mark) in _files.Zip(marks ?? []))
            file.Mark = mark;
    }

    /// <summary>Looks at what is new.</summary>
    /// <param name="counted">Highest step so far: where bare counts go on from.</param>
    /// <param name="isLast">The rank has ended.</param>
    /// <returns>The first new step and the highest one; null when there is none.</returns>
    /// <exception cref="IOException">A file is there and cannot be read.</exception>
    public (ulong First, ulong Highest)? Look(ulong counted, bool isLast)
    {
        (ulong First, ulong Highest)? seen = null;
        var group = _pattern.GroupNumberFromName(ProgressRule.StepGroup);
        foreach (var line in _files.SelectMany(file => file.Read(isLast)))
        {
            if (_pattern.Match(line) is not { Success: true } match)
                continue;
            var step = group < 0 ? ++counted : StepIn(match.Groups[group].Value);
            if (step > 0)
                seen = seen is { } before ? (before.First, Math.Max(before.Highest, step)) : (step, step);
        }

        return seen;
    }

    // What is no number says nothing; 0 is no finished step.
    private static ulong StepIn(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? (ulong)step : 0;
}
