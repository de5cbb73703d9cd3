namespace Orchestrator.Cli.Jobs.JobFiles;

/// <summary>Guesses what a mistyped word was meant to be.</summary>
internal static class Spelling
{
    /// <summary>More slips than this make another word.</summary>
    private const int MaximumSlips = 2;

    /// <summary>The word nearest to what was written; null where none is near.</summary>
    public static string? Nearest(string written, IEnumerable<string> words)
    {
        var bare = Bare(written);
        var (word, slips) = words
            .Select(word => (Word: word, Slips: Slips(bare, Bare(word))))
            .OrderBy(guess => guess.Slips)
            .FirstOrDefault((Word: "", Slips: int.MaxValue));
        // Of a short word two slips leave nothing.
        return slips <= MaximumSlips && slips < word.Length / 2 ? word : null;
    }

    /// <summary>Other spellings of one word: ranks_per_node, ranks-per-node, RanksPerNode.</summary>
    private static string Bare(string word) =>
        word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>Letters to add, drop or change, so that one becomes the other.</summary>
    private static int Slips(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var line = 1; line <= one.Length; line++)
        {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column <= other.Length; column++)
            {
                var change = diagonal + (one[line - 1] == other[column - 1] ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(change, Math.Min(row[column], row[column - 1]) + 1);
            }
        }

        return row[^1];
    }
}
