namespace Orchestrator.Domain.Jobs;

/// <summary>Checks how a job wants its progress to be learnt.</summary>
internal static class ProgressCheck
{
    private const string PatternRule =
        "it must be a regular expression without lookarounds, backreferences and atomic groups, such as "
        + "'step (?<step>[0-9]+)'";

    /// <summary>Every problem, each with its key and what is allowed.</summary>
    public static IEnumerable<string> Problems(ProgressPolicy policy)
    {
        if (!Enum.IsDefined(policy.From))
        {
            yield return "progress.from: must be client, log or file.";
        }

        if (policy.From == ProgressSource.Client && (policy.Pattern.Length > 0 || policy.Path.Length > 0))
        {
            yield return "progress.from: with client neither pattern nor path is used; did you mean log or file?";
        }

        if (policy.From == ProgressSource.Log && policy.Path.Length > 0)
        {
            yield return "progress.path: with log every rank's own output is read; did you mean from: file?";
        }

        if (policy.From == ProgressSource.File && (policy.Path.Length == 0 || policy.Path.Contains('\0')))
        {
            yield return "progress.path: must name the file, absolute or relative to the working directory; "
                + "{rank} in it stands for the rank's number.";
        }

        if (PatternProblem(policy) is { } problem)
        {
            yield return $"progress.pattern: {problem}";
        }
    }

    private static string? PatternProblem(ProgressPolicy policy)
    {
        var pattern = policy.Pattern;
        if (pattern.Length == 0)
        {
            return policy.From == ProgressSource.Log ? $"is missing; {PatternRule}." : null;
        }

        if (pattern.Length > Limits.ProgressPatternLength)
        {
            return $"has {pattern.Length} characters, but at most {Limits.ProgressPatternLength} are allowed.";
        }

        try
        {
            // An empty line is progress to nobody, and a pattern that matches it matches everything.
            return ProgressPolicy.Compile(pattern).IsMatch("")
                ? $"'{pattern}' matches an empty line, and so every line; it must say what a step looks like."
                : null;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return $"'{pattern}' cannot be used ({error.Message.TrimEnd('.')}); {PatternRule}.";
        }
    }
}
