using System.Collections.Concurrent;
using Orchestrator.Agent.Commands;
using Orchestrator.Agent.Control;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Ranks;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// Brings what this host's ranks resume from into its memory, from the nearest good copy: its own, another host's, the
/// store's. It begins with the launch, so that a replacement is filled while its ranks start.
/// </summary>
internal sealed class ShardFill(
    MemoryTier memory, ShardShelf shelf, PeerShards peers, OpenStores stores, Outbox outbox, HostIdentity host,
    IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ShardFill> log)
{
    /// <summary>
    /// How long hosts that do not answer are asked where nobody else has a copy: longer than an agent's restart.
    /// </summary>
    private static readonly TimeSpan PeerPatience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, Lazy<Task<CheckpointFault?>>> _fills = [];

    /// <summary>Begins to restore the rank's part, or finds that begun, or done.</summary>
    /// <returns>Null when the part is in memory as its manifest says; the fault when no tier has it so.</returns>
    public Task<CheckpointFault?> EnsureAsync(RankSpec spec)
    {
        var part = spec.Restore!;
        // One fill for all ranks of the host that load the same shard, and another for each attempt.
        return _fills.GetOrAdd($"{spec.JobId}/{spec.Attempt}/{part.Shard.Path}", _ =>
            new Lazy<Task<CheckpointFault?>>(() => Task.Run(
                () => FillAsync(spec, part, lifetime.ApplicationStopping)))).Value;
    }

    /// <summary>Forgets what belongs to attempts that are over.</summary>
    public void Forget(string jobId)
    {
        foreach (var key in _fills.Keys.Where(key => key.StartsWith(jobId + "/", StringComparison.Ordinal)))
            _fills.TryRemove(key, out _);
    }

    private async Task<CheckpointFault?> FillAsync(
        RankSpec spec, RestorePart part, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var backoff = new Backoff(time);
        while (true)
        {
            var (source, faults) = await TryAsync(spec, part, cancellationToken);
            if (source is not null)
            {
                log.LogInformation("{Rank} resumes from {Shard}, found in {Source} after {Milliseconds} ms",
                    spec.Key, part.Shard.Path, source, (long)time.GetElapsedTime(begun).TotalMilliseconds);
                if (TryHold(spec, part))
                    return null;
                await backoff.WaitAsync(cancellationToken);
                continue;
            }

            var mayStillCome = faults.Any(fault => IsPassing(fault)
                && (fault.Code != PeerShards.Unreachable || time.GetElapsedTime(begun) < PeerPatience));
            if (!mayStillCome)
                return Fail(spec, part, faults);
            log.LogWarning("{Rank} waits for {Shard}: {Reason}",
                spec.Key, part.Shard.Path, string.Join(" ", faults.Select(fault => fault.Sentence)));
            await backoff.WaitAsync(cancellationToken);
        }
    }

    private async Task<(string? Source, List<CheckpointFault> Faults)> TryAsync(
        RankSpec spec, RestorePart part, CancellationToken cancellationToken)
    {
        var faults = new List<CheckpointFault>();
        var target = memory.PathOf(spec.JobId, part.Shard);
        if (Directory.Exists(target))
        {
            var damage = await memory.VerifyAsync(spec.JobId, part.Shard, cancellationToken);
            if (damage is null)
                return ("this host's memory", faults);
            log.LogWarning("{Shard} is fetched anew: {Reason}", part.Shard.Path, damage.Sentence);
            faults.Add(damage);
            Drop(spec.JobId, part, target);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        foreach (var holder in part.Holders.Where(holder => holder.Node != host.Name))
        {
            if (await peers.FetchAsync(holder, spec.JobId, part.Shard, target, cancellationToken) is not { } fault)
                return ($"the memory of {holder.Node}", faults);
            faults.Add(fault);
        }

        if (part.IsDurable)
        {
            var (store, wrong) = stores.Open(spec.Store);
            var fault = store is null ? wrong
                : await store.DownloadShardAsync(spec.JobId, part.Shard, target, cancellationToken);
            if (fault is null)
                return ("the store", faults);
            faults.Add(fault);
        }

        return (null, faults);
    }

    private void Drop(string jobId, RestorePart part, string target)
    {
        if (shelf.Find(jobId, part.Shard.Path) is { } held)
            shelf.Delete(held);
        else
            Directory.Delete(target, recursive: true);
    }

    // A rank must not go on from what nobody remembers; a full memory passes.
    private bool TryHold(RankSpec spec, RestorePart part)
    {
        try
        {
            Hold(spec, part);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("{Rank} waits for a note of {Shard}: {Reason}",
                spec.Key, part.Shard.Path, exception.Message);
            return false;
        }
    }

    // From now on this host holds it, so that the next failure may take the host where it was.
    private void Hold(RankSpec spec, RestorePart part)
    {
        var known = shelf.Find(spec.JobId, part.Shard.Path);
        var others = part.Holders.Where(holder => holder.Node != host.Name);
        shelf.Put((known ?? new HeldShard(spec.JobId, part.Step, part.Attempt, 1, part.Shard, spec.Store)) with
        {
            IsOwn = part.Shard.Rank == spec.Rank,
            Partner = part.Partner,
            Replica = part.Partner is { } partner && others.Contains(partner) ? partner : null,
            IsDurable = part.IsDurable || known is { IsDurable: true },
            Unreplicated = part.Partner is null ? Checkpoints.Unreplicated.NoOtherHost : null,
            Damage = null,
        });
    }

    private CheckpointFault Fail(RankSpec spec, RestorePart part, List<CheckpointFault> faults)
    {
        var all = new CheckpointFault(
            faults.Count == 1 ? faults[0].Code : "no_good_copy",
            faults.Count == 0 ? $"{part.Shard.Path} is in no tier." : string.Join(" ", faults.Select(f => f.Sentence)));
        log.LogError("{Rank} cannot resume from {Shard}: {Reason}", spec.Key, part.Shard.Path, all.Sentence);
        // Told before the rank hears of it and ends: its end is an echo of this.
        outbox.Append(ShardEvents.RestoreFailed(spec, part.Step, part.Attempt, all));
        return all;
    }

    private static bool IsPassing(CheckpointFault fault) =>
        !ShardFindings.IsOfContent(fault) && fault.Code != "store_options_wrong";
}
