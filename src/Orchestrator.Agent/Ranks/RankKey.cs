namespace Orchestrator.Agent.Ranks;

/// <summary>Names one process of one launch of a job's gang.</summary>
internal readonly record struct RankKey(string JobId, uint Attempt, uint Rank)
{
    public override string ToString() => $"rank {Rank} of {JobId}, attempt {Attempt}";
}
