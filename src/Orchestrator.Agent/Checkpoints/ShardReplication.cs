using Orchestrator.Agent.Jobs;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Brings each shard of this host's ranks into the memory of its partner.</summary>
internal sealed class ShardReplication(
    ShardShelf shelf, MemoryTier memory, PeerShards peers, OpenSaves saves, JobTable jobs, TimeProvider time,
    ILogger<ShardReplication> log) : ShardWork(shelf, time, log)
{
    protected override bool IsOpen(HeldShard shard) =>
        shard is { IsOwn: true, Partner: not null, IsReplicationSettled: false };

    protected override async Task<bool> TryAsync(HeldShard held, CancellationToken cancellationToken)
    {
        var partner = held.Partner!;
        await saves.QuietAsync(cancellationToken);
        var offer = new ShardOffer(
            held.JobId, held.Step, held.Attempt, jobs.Get(held.JobId).LaunchedAttempt, held.ShardsExpected, held.Shard,
            held.Store);
        var fault = await peers.SendAsync(partner, offer, memory.PathOf(held.JobId, held.Shard), cancellationToken);
        // Newer checkpoints have taken its place meanwhile, or a partner that died has a successor.
        if (Shelf.Find(held.JobId, held.Shard.Path) is not { } now || now.Partner != partner)
            return true;
        if (fault is null)
        {
            Shelf.Change(held, shard => shard with { Replica = partner });
            return true;
        }

        log.LogWarning("{Shard} of {Job} has no copy on {Node}: {Reason}",
            held.Shard.Path, held.JobId, partner.Node, fault.Sentence);
        if (!IsFinal(fault))
            return false;
        Shelf.Change(held, shard => shard with
        {
            Unreplicated = fault with { Sentence = $"{partner.Node}: {fault.Sentence}" },
        });
        return true;
    }

    // A full memory is a matter of the next checkpoint; all else is tried as long as the shard is there.
    private static bool IsFinal(CheckpointFault fault) => fault.Code is "memory_full" or "offer_invalid";
}
