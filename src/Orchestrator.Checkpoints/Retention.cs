using System.Globalization;

namespace Orchestrator.Checkpoints;

internal static class Retention
{
    private const string StepPrefix = "step-";
    private const string AttemptPrefix = "attempt-";

    public static int Apply(string jobFolder, int attempt, IReadOnlyList<StoredCheckpoint> kept)
    {
        if (!Directory.Exists(jobFolder))
            return 0;
        var newest = kept.Max(checkpoint => checkpoint.Step);
        var keptShards = kept
            .SelectMany(checkpoint => checkpoint.Shards)
            .Select(shard => Path.GetFullPath(Path.Combine(jobFolder, shard.Path)))
            .ToHashSet(StringComparer.Ordinal);
        var deleted = 0;
        foreach (var step in Directory.GetDirectories(jobFolder, StepPrefix + "*"))
        {
            if (NumberOf(step, StepPrefix) is { } number && number < newest)
                deleted += DeleteShards(step, attempt, keptShards);
        }

        return deleted;
    }

    private static int DeleteShards(string step, int newestAttempt, HashSet<string> keptShards)
    {
        var deleted = 0;
        foreach (var attempt in Directory.GetDirectories(step, AttemptPrefix + "*"))
        {
            if (NumberOf(attempt, AttemptPrefix) is not { } number || number > newestAttempt)
                continue;
            foreach (var shard in Directory.GetDirectories(attempt).Where(path => !keptShards.Contains(path)))
            {
                Directory.Delete(shard, recursive: true);
                deleted++;
            }

            DeleteIfEmpty(attempt);
        }

        DeleteIfEmpty(step);
        return deleted;
    }

    private static void DeleteIfEmpty(string directory)
    {
        if (!Directory.EnumerateFileSystemEntries(directory).Any())
            Directory.Delete(directory);
    }

    private static long? NumberOf(string path, string prefix)
    {
        var digits = Path.GetFileName(path.AsSpan())[prefix.Length..];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
