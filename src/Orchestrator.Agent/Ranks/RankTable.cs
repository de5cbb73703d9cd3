using System.Collections.Concurrent;

namespace Orchestrator.Agent.Ranks;

/// <summary>Every rank that the host still reports.</summary>
internal sealed class RankTable
{
    private readonly ConcurrentDictionary<RankKey, TrackedRank> _ranks = new();

    public IReadOnlyList<TrackedRank> All => [.. _ranks.Values];

    public IReadOnlyList<TrackedRank> Running => [.. _ranks.Values.Where(rank => rank.IsRunning)];

    /// <summary>
    /// What the control plane still asks about: every running rank, and the ended ones of each job's newest attempt.
    /// A job that was launched again and again would otherwise outgrow the largest message.
    /// </summary>
    public IReadOnlyList<TrackedRank> Told =>
        [.. All.GroupBy(rank => rank.Key.JobId).SelectMany(NewestOrRunning)];

    public TrackedRank? Find(RankKey key) => _ranks.GetValueOrDefault(key);

    public void Add(TrackedRank rank) => _ranks.TryAdd(rank.Key, rank);

    public IReadOnlyList<TrackedRank> OfJob(string jobId) =>
        [.. _ranks.Values.Where(rank => rank.Key.JobId == jobId).OrderBy(rank => rank.Key.Attempt)];

    public void Remove(TrackedRank rank) => _ranks.TryRemove(new(rank.Key, rank));

    private static IEnumerable<TrackedRank> NewestOrRunning(IEnumerable<TrackedRank> ofJob)
    {
        var ranks = ofJob.ToArray();
        var newest = ranks.Max(rank => rank.Key.Attempt);
        return ranks.Where(rank => rank.IsRunning || rank.Key.Attempt == newest);
    }
}
