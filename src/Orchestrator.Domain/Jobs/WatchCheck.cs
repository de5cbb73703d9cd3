using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Domain.Jobs;

/// <summary>Checks which file of a job is taken into its checkpoints.</summary>
internal static partial class WatchCheck
{
    private const string Key = "checkpoint.watch";
    private const string Rank = "{rank}";

    /// <summary>Every problem, each with its key and what is allowed.</summary>
    public static IEnumerable<string> Problems(JobSpec spec)
    {
        var watch = spec.Watch;
        if (watch.Length == 0)
        {
            return [];
        }

        return
        [
            .. spec.CheckpointStore.Length == 0 ? [$"{Key}: needs checkpoint.store, where the file is kept."] : None,
            .. Encoding.UTF8.GetByteCount(watch) > Limits.PathBytes
                ? [$"{Key}: must be a path of at most {Limits.PathBytes:N0} bytes."]
                : None,
            .. NamesFolder().IsMatch(watch)
                ? [$"{Key}: '{watch}' must name a file, and not a folder."]
                : None,
            .. Placeholders().Matches(watch).Select(match => match.Value).Where(text => text != Rank).Distinct()
                .Select(text => $"{Key}: {text} stands for nothing; {Rank} stands for the rank's number, and '*' and "
                    + "'?' for parts of one name."),
            .. WildcardProblems(watch),
            .. watch.Contains(Rank, StringComparison.Ordinal) ? RankProblems(watch) : None,
        ];
    }

    private static IEnumerable<string> WildcardProblems(string watch)
    {
        if (watch.Contains("**", StringComparison.Ordinal))
        {
            yield return $"{Key}: '**' is not allowed; each '*' stands for a part of one name, such as out/*/model.pt.";
        }

        // Which folder is meant above one that is found by a pattern, nobody can say.
        if (UpAfterWildcard().IsMatch(watch))
        {
            yield return $"{Key}: '..' is allowed only before the first '*' or '?'.";
        }
    }

    /// <summary>
    /// Parts that ranks write each for themselves are taken by agents that know nothing of each other's, at different
    /// moments. Of one save they are by the number in their names, and by nothing else: parts of two saves, taken for
    /// one checkpoint, would go unnoticed.
    /// </summary>
    private static IEnumerable<string> RankProblems(string watch)
    {
        if (watch.Count(letter => letter == '*') != 1 || watch.Contains('?', StringComparison.Ordinal))
        {
            yield return $"{Key}: with {Rank} it must hold one '*', which stands for the step's number, and no '?', "
                + $"such as out/step-*/rank-{Rank}.pt: the parts of one save find each other by that number.";
        }

        if (watch.Contains("*" + Rank, StringComparison.Ordinal)
            || watch.Contains(Rank + "*", StringComparison.Ordinal))
        {
            yield return $"{Key}: '*' and {Rank} must not touch, so that it can be told where one number ends.";
        }
    }

    private static string[] None => [];

    [GeneratedRegex(@"(\A|/)\.{0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamesFolder();

    [GeneratedRegex(@"\{[^{}/]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholders();

    [GeneratedRegex(@"[*?].*/\.\.(/|\z)", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex UpAfterWildcard();
}
