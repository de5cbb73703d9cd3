using System.Collections.Immutable;

namespace Orchestrator.Domain.Checkpoints;

/// <summary>What the newest checkpoints of a job cost: the time for which each held training up.</summary>
public static class SaveCosts
{
    /// <summary>
    /// Enough that one save on a busy disk does not move the median, and few enough to follow a disk that got slower.
    /// </summary>
    private const int Kept = 5;

    /// <summary>A checkpoint was committed.</summary>
    /// <param name="costs">Of those before, in milliseconds, newest last.</param>
    /// <param name="shards">Its shards: the slowest rank is waited for by all.</param>
    /// <returns>With its cost; the same where no agent measured it.</returns>
    public static ImmutableArray<int> Add(ImmutableArray<int> costs, IEnumerable<ShardReport> shards)
    {
        var slowest = shards.Select(shard => shard.SaveMs).DefaultIfEmpty().Max();
        return slowest > 0 ? [.. costs.Add(slowest).TakeLast(Kept)] : costs;
    }

    /// <summary>What a save costs as a rule.</summary>
    /// <param name="costs">Of the newest checkpoints, in milliseconds.</param>
    /// <returns>The median, of two middle ones the larger; null when none was measured.</returns>
    public static TimeSpan? Median(ImmutableArray<int> costs) =>
        costs.IsEmpty ? null : TimeSpan.FromMilliseconds(costs.Order().ElementAt(costs.Length / 2));
}
