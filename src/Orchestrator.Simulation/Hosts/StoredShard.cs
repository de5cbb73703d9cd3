namespace Orchestrator.Simulation.Hosts;

/// <summary>A shard on the disk of the store.</summary>
internal sealed record StoredShard(string Job, int Attempt, long Step, int Rank)
{
    public bool IsDamaged { get; set; }

    public bool IsDeleted { get; set; }
}
