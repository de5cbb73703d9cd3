using System.Runtime.CompilerServices;
using Orchestrator.Agent.Commands;
using Orchestrator.Agent.Host;
using Orchestrator.Checkpoints;
using Orchestrator.Checkpoints.Durable;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// Writes the shards of a checkpoint into a folder of this host, each from the nearest good copy, and compares them
/// with the manifest on the way.
/// </summary>
internal sealed class CheckpointRestoration(
    OpenStores stores, MemoryTier memory, PeerShards peers, HostIdentity host, TimeProvider time,
    ILogger<CheckpointRestoration> log)
{
    public async IAsyncEnumerable<StoreAnswer> RunAsync(
        RestoreCheckpoint request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Refusal(request.Folder) is { } refusal)
        {
            yield return refusal;
            yield break;
        }

        var begun = time.GetTimestamp();
        Directory.CreateDirectory(request.Folder);
        var (done, total) = (0u, (uint)request.Manifest.Shards.Count);
        await foreach (var (shard, place, faults) in FetchAllAsync(request, cancellationToken))
        {
            if (place is null)
            {
                yield return NoGoodCopy(request, shard, faults);
                yield break;
            }

            yield return new StoreAnswer
            {
                Findings = { ShardFindings.Of(shard, place, fault: null) },
                Done = ++done,
                Total = total,
            };
        }

        log.LogInformation("Step {Step} of {Job} is in {Folder} after {Milliseconds} ms",
            request.Manifest.Step, request.Manifest.JobId, request.Folder,
            (long)time.GetElapsedTime(begun).TotalMilliseconds);
        yield return new StoreAnswer { IsLast = true, Done = total, Total = total };
    }

    // In the order in which they are done. Who reads no further ends those that are not.
    private async IAsyncEnumerable<Fetched> FetchAllAsync(
        RestoreCheckpoint request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var slots = new SemaphoreSlim(CheckpointLimits.ParallelFiles);
        var fetches = request.Manifest.Shards
            .Select(shard => Task.Run(() => FetchAsync(request, shard, slots, ended.Token)))
            .ToArray();
        Task all = Task.WhenAll(fetches);
        try
        {
            await foreach (var fetch in Task.WhenEach(fetches))
                yield return await fetch;
        }
        finally
        {
            await ended.CancelAsync();
            await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // What is there may be somebody's only copy: nothing is written beside or over it.
    private StoreAnswer? Refusal(string folder) =>
        !Path.IsPathFullyQualified(folder)
            ? StoreDesk.Failed("folder_not_absolute", $"The folder '{folder}' must be an absolute path on {host.Name}.")
            : File.Exists(folder)
            ? StoreDesk.Failed("folder_not_empty", $"{folder} on {host.Name} is a file; name a folder instead.")
            : Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()
            ? StoreDesk.Failed("folder_not_empty", $"{folder} on {host.Name} is not empty; name one that is, or is not "
                + "there.")
            : null;

    private async Task<Fetched> FetchAsync(
        RestoreCheckpoint request, Shard shard, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        await slots.WaitAsync(cancellationToken);
        try
        {
            var faults = new List<CheckpointFault>();
            foreach (var (place, fetch) in Sources(request, shard, cancellationToken))
            {
                if (await fetch() is not { } fault)
                    return new Fetched(shard, place, faults);
                faults.Add(fault);
            }

            return new Fetched(shard, null, faults);
        }
        finally
        {
            slots.Release();
        }
    }

    private IEnumerable<(string Place, Func<Task<CheckpointFault?>> Fetch)> Sources(
        RestoreCheckpoint request, Shard shard, CancellationToken cancellationToken)
    {
        var (jobId, stored) = (request.Manifest.JobId, Manifests.From(shard));
        var target = Path.Combine(request.Folder, $"rank-{shard.Rank}");
        if (shard.Holders.Any(holder => holder.Node == host.Name))
        {
            yield return (ShardFindings.MemoryOf(host.Name), () => ShardCopy.RunAsync(
                stored, memory.PathOf(jobId, stored), target, isSynced: true, "target_unwritable", cancellationToken));
        }

        foreach (var holder in shard.Holders.Where(holder => holder.Node != host.Name))
        {
            yield return (ShardFindings.MemoryOf(holder.Node), () => peers.FetchAsync(
                new ShardHolder(holder.Node, holder.Address), jobId, stored, target, cancellationToken));
        }

        if (shard.IsDurable)
        {
            yield return (ShardFindings.Store, () => stores.Open(request.Store) is ({ } store, _)
                ? store.DownloadShardAsync(jobId, stored, target, cancellationToken)
                : Task.FromResult(stores.Open(request.Store).Fault));
        }
    }

    private static StoreAnswer NoGoodCopy(RestoreCheckpoint request, Shard shard, List<CheckpointFault> faults) =>
        StoreDesk.Failed(
            faults.Count == 1 ? faults[0].Code : "no_good_copy",
            $"Rank {shard.Rank}'s shard could not be written into {request.Folder}: "
            + (faults.Count == 0
                ? "no copy of it is left."
                : string.Join(" ", faults.Select(fault => fault.Sentence))));

    // The place of the copy that was taken; null where none was good.
    private sealed record Fetched(Shard Shard, string? Place, List<CheckpointFault> Faults);
}
