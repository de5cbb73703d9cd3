using System.Collections.Concurrent;

namespace Orchestrator.Agent.Ranks;

/// <summary>Every rank that the host still reports.</summary>
internal sealed class RankTable
{
    private readonly ConcurrentDictionary<RankKey, TrackedRank> _ranks = new();

    public IReadOnlyList<TrackedRank> All => [.. _ranks.Values];

    public IReadOnlyList<TrackedRank> Running => [.. _ranks.Values.Where(rank => rank.IsRunning)];

    public TrackedRank? Find(RankKey key) => _ranks.GetValueOrDefault(key);

    public void Add(TrackedRank rank) => _ranks.TryAdd(rank.Key, rank);

    public IReadOnlyList<TrackedRank> OfJob(string jobId) =>
        [.. _ranks.Values.Where(rank => rank.Key.JobId == jobId).OrderBy(rank => rank.Key.Attempt)];

    public void Remove(TrackedRank rank) => _ranks.TryRemove(new(rank.Key, rank));
}
