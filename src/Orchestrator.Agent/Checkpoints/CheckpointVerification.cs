using System.Runtime.CompilerServices;
using Orchestrator.Agent.Commands;
using Orchestrator.Agent.Host;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// Reads every copy of a checkpoint that its manifest names, in the store and in the memory of hosts, and compares it.
/// </summary>
internal sealed class CheckpointVerification(
    OpenStores stores, MemoryTier memory, PeerShards peers, HostIdentity host)
{
    public async IAsyncEnumerable<StoreAnswer> RunAsync(
        VerifyCheckpoint request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var copies = request.Manifest.Shards.SelectMany(CopiesOf).ToArray();
        for (var done = 0; done < copies.Length; done++)
        {
            var (shard, holder) = copies[done];
            var fault = await CheckAsync(request, Manifests.From(shard), holder, cancellationToken);
            var place = holder is null ? ShardFindings.Store : ShardFindings.MemoryOf(holder.Node);
            yield return new StoreAnswer
            {
                Findings = { ShardFindings.Of(shard, place, fault) },
                Done = (uint)done + 1,
                Total = (uint)copies.Length,
            };
        }

        yield return new StoreAnswer { IsLast = true, Done = (uint)copies.Length, Total = (uint)copies.Length };
    }

    private static IEnumerable<(Shard Shard, ShardHolder? Holder)> CopiesOf(Shard shard)
    {
        if (shard.IsDurable)
            yield return (shard, null);
        foreach (var holder in shard.Holders)
            yield return (shard, new ShardHolder(holder.Node, holder.Address));
    }

    private Task<CheckpointFault?> CheckAsync(
        VerifyCheckpoint request, StoredShard shard, ShardHolder? holder, CancellationToken cancellationToken)
    {
        var jobId = request.Manifest.JobId;
        if (holder is not null)
        {
            return holder.Node == host.Name
                ? memory.VerifyAsync(jobId, shard, cancellationToken)
                : peers.CheckAsync(holder, jobId, shard, cancellationToken);
        }

        var (store, fault) = stores.Open(request.Store);
        return store?.ReadBackAsync(jobId, shard, cancellationToken) ?? Task.FromResult(fault);
    }
}
