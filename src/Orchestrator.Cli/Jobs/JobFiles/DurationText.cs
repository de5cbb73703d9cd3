using System.Globalization;

namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>Durations as people write them: a whole number and a unit.</summary>
internal static class DurationText
{
    private static readonly TimeSpan Maximum = TimeSpan.FromHours(24);

    private static readonly (string Suffix, TimeSpan Unit)[] Units =
    [
        // "ms" stands before "s" and "m", which it ends or begins with.
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
    ];

    /// <summary>As it is written: "1ms", "3s".</summary>
    public static string Of(TimeSpan duration) =>
        duration < Units[1].Unit ? $"{duration.TotalMilliseconds}ms" : $"{duration.TotalSeconds}s";

    /// <summary>Parses e.g. "500ms", "10s" or "2m"; more than zero, at most 24 hours.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (suffix, unit) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            var digits = text.AsSpan(0, text.Length - suffix.Length);
            if (!uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                return false;
            duration = count * unit;
            return duration > TimeSpan.Zero && duration <= Maximum;
        }

        return false;
    }
}
