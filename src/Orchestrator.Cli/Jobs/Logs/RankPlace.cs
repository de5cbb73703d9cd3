using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs.Logs;

/// <summary>Where a rank runs or ran in one attempt.</summary>
internal sealed record RankPlace(uint Rank, string Node, uint Attempt)
{
    /// <summary>The places of all ranks, in their order; none before the first launch.</summary>
    public static IReadOnlyList<RankPlace> Of(Job job, uint attempt) =>
        job.Ranks.OrderBy(rank => rank.Rank_).Select(rank => new RankPlace(rank.Rank_, rank.Node, attempt)).ToList();
}
