using Orchestrator.Agent.Commands;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>What a rank is to restore, and where copies of it are.</summary>
/// <param name="Step">The step of the checkpoint.</param>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="Shard">The rank's own shard, or the lowest rank's where it wrote none.</param>
/// <param name="Holders">Agents that hold it in memory.</param>
/// <param name="IsDurable">It is in the store.</param>
/// <param name="Partner">Who is to hold a second copy from now on; null where the gang has no other host.</param>
internal sealed record RestorePart(
    ulong Step, uint Attempt, StoredShard Shard, IReadOnlyList<ShardHolder> Holders, bool IsDurable,
    ShardHolder? Partner)
{
    /// <summary>The part of a rank; null when its attempt starts from nothing.</summary>
    public static RestorePart? Of(Launch launch, uint rank)
    {
        if (launch.Resume is not { Shards.Count: > 0 } manifest)
            return null;
        var shard = Manifests.ShardFor(manifest, rank);
        return new RestorePart(
            manifest.Step, manifest.Attempt, Manifests.From(shard),
            [.. shard.Holders.Select(holder => new ShardHolder(holder.Node, holder.Address))],
            shard.IsDurable, PartnerOf(launch));
    }

    public static ShardHolder? PartnerOf(Launch launch) =>
        launch.ReplicaHolder is { } holder ? new ShardHolder(holder.Node, holder.Address) : null;
}
