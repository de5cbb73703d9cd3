using System.Globalization;

namespace Orchestrator.Checkpoints;

internal static class Retention
{
    private const string StepPrefix = "step-";

    public static int Apply(string jobFolder, IReadOnlyList<StoredCheckpoint> kept)
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
            if (StepOf(step) is { } number && number < newest)
                deleted += DeleteShards(step, keptShards);
        }

        return deleted;
    }

    private static int DeleteShards(string step, HashSet<string> keptShards)
    {
        var deleted = 0;
        foreach (var attempt in Directory.GetDirectories(step))
        {
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

    private static long? StepOf(string path)
    {
        var digits = Path.GetFileName(path.AsSpan())[StepPrefix.Length..];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;
    }
}
