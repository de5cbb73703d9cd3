using Orchestrator.Agent.Commands;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Jobs;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Brings each shard of this host's ranks into the memory of its partner.</summary>
internal sealed class ShardReplication(
    ShardShelf shelf, MemoryTier memory, PeerShards peers, OpenSaves saves, JobTable jobs, TimeProvider time,
    ILogger<ShardReplication> log) : BackgroundService
{
    private readonly AsyncSignal _work = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        shelf.Changed += _work.Set;
        var backoff = new Backoff(time);
        while (!stoppingToken.IsCancellationRequested)
        {
            var open = shelf.All.Where(IsOpen).OrderBy(shard => shard.Step).ToArray();
            var outcomes = await Task.WhenAll(open.Select(shard => SendAsync(shard, stoppingToken)));
            if (outcomes.Contains(false))
            {
                await backoff.WaitAsync(stoppingToken);
                continue;
            }

            backoff = new Backoff(time);
            await _work.WaitAsync(stoppingToken);
        }
    }

    private static bool IsOpen(HeldShard shard) =>
        shard is { IsOwn: true, Partner: not null, IsReplicationSettled: false };

    // False: to be tried again.
    private async Task<bool> SendAsync(HeldShard held, CancellationToken cancellationToken)
    {
        try
        {
            return await TrySendAsync(held, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full memory passes; who holds the copy already says so at once.
            log.LogWarning("What came of the copy of {Shard} of {Job} could not be noted: {Reason}",
                held.Shard.Path, held.JobId, exception.Message);
            return false;
        }
    }

    private async Task<bool> TrySendAsync(HeldShard held, CancellationToken cancellationToken)
    {
        var partner = held.Partner!;
        await saves.QuietAsync(cancellationToken);
        var offer = new ShardOffer(
            held.JobId, held.Step, held.Attempt, jobs.Get(held.JobId).LaunchedAttempt, held.ShardsExpected, held.Shard,
            held.Store);
        var fault = await peers.SendAsync(partner, offer, memory.PathOf(held.JobId, held.Shard), cancellationToken);
        // Newer checkpoints have taken its place meanwhile, or a partner that died has a successor.
        if (shelf.Find(held.JobId, held.Shard.Path) is not { } now || now.Partner != partner)
            return true;
        if (fault is null)
        {
            shelf.Change(held, shard => shard with { Replica = partner });
            return true;
        }

        log.LogWarning("{Shard} of {Job} has no copy on {Node}: {Reason}",
            held.Shard.Path, held.JobId, partner.Node, fault.Sentence);
        if (!IsFinal(fault))
            return false;
        shelf.Change(held, shard => shard with
        {
            Unreplicated = fault with { Sentence = $"{partner.Node}: {fault.Sentence}" },
        });
        return true;
    }

    // A full memory is a matter of the next checkpoint; all else is tried as long as the shard is there.
    private static bool IsFinal(CheckpointFault fault) => fault.Code is "memory_full" or "offer_invalid";
}
