namespace Orchestrator.Domain.Checkpoints;

/// <summary>How the checkpoints of a job are kept.</summary>
/// <param name="Keep">The newest to keep.</param>
/// <param name="KeepEvery">Also those in the store whose step this divides; 0: none.</param>
public sealed record CheckpointPolicy(int Keep, long KeepEvery = 0)
{
    private const int CopiesInMemory = 2;

    /// <summary>One that is kept whatever its age, since a person wants to go on from it; null: none.</summary>
    public CheckpointId? Pinned { get; init; }

    /// <summary>
    /// The shard survives the loss of a host, or can be given nothing better for now: without that a checkpoint is not
    /// committed.
    /// </summary>
    /// <param name="shard">The shard.</param>
    /// <returns>Whether it counts.</returns>
    public static bool IsSafe(Shard shard)
    {
        ArgumentNullException.ThrowIfNull(shard);
        return shard.IsDurable || shard.Holders.Length >= CopiesInMemory || shard.Unreplicated is not null;
    }
}
