using System.Collections.Concurrent;
using Orchestrator.Agent.Host;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// Brings the checkpoints that the control plane names to the store, and reads them back there. While the store does
/// not answer it tries on; training does not notice.
/// </summary>
internal sealed class ShardUpload(
    ShardShelf shelf, MemoryTier memory, PeerShards peers, OpenStores stores, OpenSaves saves, StateFolder state,
    TimeProvider time, ILogger<ShardUpload> log) : ShardWork(shelf, time, log)
{
    private readonly ConcurrentDictionary<string, (ulong Step, uint Attempt)> _wanted = [];

    /// <summary>The control plane names the checkpoint of a job that is to reach the store.</summary>
    public void Want(string jobId, ulong step, uint attempt)
    {
        _wanted[jobId] = (step, attempt);
        Wake();
    }

    /// <summary>None of the job is to reach the store any more.</summary>
    public void WantNone(string jobId) => _wanted.TryRemove(jobId, out _);

    /// <summary>Whether a checkpoint is the one on its way: it stays in memory until it is there.</summary>
    public bool IsWanted(string jobId, ulong step, uint attempt) =>
        _wanted.TryGetValue(jobId, out var wanted) && wanted == (step, attempt);

    protected override bool IsOpen(HeldShard shard) =>
        shard is { IsOwn: true, IsDurable: false, Damage: null } && IsWanted(shard.JobId, shard.Step, shard.Attempt);

    protected override async Task<bool> TryAsync(HeldShard held, CancellationToken cancellationToken)
    {
        var fault = await UploadAsync(held, cancellationToken);
        if (fault is not null)
        {
            log.LogWarning("{Shard} of {Job} is not in the store yet: {Reason}",
                held.Shard.Path, held.JobId, fault.Sentence);
            return Shelf.Find(held.JobId, held.Shard.Path) is { Damage: not null };
        }

        Shelf.Change(held, shard => shard with { IsDurable = true });
        log.LogInformation("{Shard} of {Job} is in the store", held.Shard.Path, held.JobId);
        return true;
    }

    private async Task<CheckpointFault?> UploadAsync(HeldShard held, CancellationToken cancellationToken)
    {
        if (stores.Open(held.Store) is not ({ } store, _) opened)
            return stores.Open(held.Store).Fault;
        await saves.QuietAsync(cancellationToken);
        // A flipped bit in memory must not become the truth of the store.
        if (await memory.VerifyAsync(held.JobId, held.Shard, cancellationToken) is { } damage)
            return await HealAsync(held, damage, cancellationToken);
        Directory.CreateDirectory(state.Uploads);
        return await store.UploadShardAsync(
                held.JobId, held.Shard, memory.PathOf(held.JobId, held.Shard), RecordOf(held), cancellationToken)
            ?? await store.ReadBackAsync(held.JobId, held.Shard, cancellationToken);
    }

    // The partner's copy takes the place of the damaged one, and the next try goes on with it. Where that is damaged,
    // too, there is nothing to bring to the store, which the control plane hears: newer ones must not wait for it.
    private async Task<CheckpointFault> HealAsync(
        HeldShard held, CheckpointFault damage, CancellationToken cancellationToken)
    {
        var target = memory.PathOf(held.JobId, held.Shard);
        var healed = target + ".healed";
        var fault = held.Replica is { } replica
            ? await peers.FetchAsync(replica, held.JobId, held.Shard, healed, cancellationToken)
            : new CheckpointFault("shard_missing", "No other host has it.");
        if (fault is not null)
        {
            var both = new CheckpointFault(damage.Code, $"{damage.Sentence} {fault.Sentence}");
            return ShardFindings.IsOfContent(damage) && ShardFindings.IsOfContent(fault) ? GiveUp(held, both) : both;
        }

        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        Directory.Move(healed, target);
        return new CheckpointFault(
            "shard_healed", $"{damage.Sentence} It was fetched anew from {held.Replica!.Node}.");
    }

    private CheckpointFault GiveUp(HeldShard held, CheckpointFault damage)
    {
        Shelf.Change(held, shard => shard with { Damage = damage });
        return damage;
    }

    private string RecordOf(HeldShard held) =>
        Path.Combine(state.Uploads, $"{held.JobId}_{held.Shard.Path.Replace('/', '_')}.json");
}
