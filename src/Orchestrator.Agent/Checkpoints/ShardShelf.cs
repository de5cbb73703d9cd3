using System.Collections.Immutable;
using Orchestrator.Agent.Control;
using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// What lies in the memory tier, with a record of each shard beside it: an agent that starts anew knows what its host
/// holds, and goes on with what was under way.
/// </summary>
internal sealed class ShardShelf
{
    private const string RecordEnding = ".held.json";
    private readonly Lock _gate = new();
    private readonly MemoryTier _memory;
    private readonly HostIdentity _host;
    private readonly Outbox _outbox;
    private volatile ImmutableDictionary<string, HeldShard> _shards;

    public ShardShelf(MemoryTier memory, HostIdentity host, Outbox outbox, ILogger<ShardShelf> log)
    {
        (_memory, _host, _outbox) = (memory, host, outbox);
        _shards = HeldRecord.ReadAll(memory, RecordEnding, log).ToImmutableDictionary(KeyOf);
    }

    /// <summary>Rises with every change; loops that work on the shelf wait for it.</summary>
    public event Action? Changed;

    public IEnumerable<HeldShard> All => _shards.Values;

    public HeldShard? Find(string jobId, string shardPath) => _shards.GetValueOrDefault(KeyOf(jobId, shardPath));

    /// <summary>
    /// Takes a shard in, or changes one that is there, and tells the control plane of this host's own.
    /// </summary>
    /// <exception cref="IOException">Its record cannot be written.</exception>
    public void Put(HeldShard shard)
    {
        lock (_gate)
        {
            var before = _shards.GetValueOrDefault(KeyOf(shard));
            if (before == shard)
                return;
            HeldRecord.Write(RecordOf(shard), shard);
            _shards = _shards.SetItem(KeyOf(shard), shard);
        }

        if (shard.IsOwn)
            _outbox.Append(ShardEvents.Stored(shard, _host));
        Changed?.Invoke();
    }

    /// <summary>Changes a shard, unless it is gone meanwhile.</summary>
    /// <exception cref="IOException">Its record cannot be written.</exception>
    public void Change(HeldShard shard, Func<HeldShard, HeldShard> change)
    {
        lock (_gate)
        {
            if (_shards.GetValueOrDefault(KeyOf(shard)) is { } now)
                Put(change(now));
        }
    }

    /// <summary>Tells all of this host's own shards again: after a restart of the agent.</summary>
    public void TellAll()
    {
        foreach (var shard in All.Where(shard => shard.IsOwn))
            _outbox.Append(ShardEvents.Stored(shard, _host));
    }

    /// <summary>Forgets what is not in the tier any more.</summary>
    public void Sweep(string jobId)
    {
        lock (_gate)
        {
            foreach (var shard in All.Where(shard => shard.JobId == jobId
                && !Directory.Exists(_memory.PathOf(jobId, shard.Shard))))
                Forget(shard);
        }
    }

    /// <summary>Deletes a shard that is not what its record says.</summary>
    public void Delete(HeldShard shard)
    {
        lock (_gate)
        {
            Forget(shard);
            var path = _memory.PathOf(shard.JobId, shard.Shard);
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>Deletes all that is there of a job.</summary>
    public void DeleteAll(string jobId)
    {
        lock (_gate)
        {
            _shards = _shards.RemoveRange(All.Where(shard => shard.JobId == jobId).Select(KeyOf));
            if (Directory.Exists(_memory.FolderOf(jobId)))
                Directory.Delete(_memory.FolderOf(jobId), recursive: true);
        }
    }

    private void Forget(HeldShard shard)
    {
        _shards = _shards.Remove(KeyOf(shard));
        File.Delete(RecordOf(shard));
    }

    private string RecordOf(HeldShard shard) => HeldRecord.PathOf(_memory, shard, RecordEnding);

    private static string KeyOf(HeldShard shard) => KeyOf(shard.JobId, shard.Shard.Path);

    private static string KeyOf(string jobId, string shardPath) => $"{jobId}/{shardPath}";
}
