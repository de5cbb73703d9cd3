using System.Collections.Immutable;
using Orchestrator.Domain.Checkpoints;

namespace Orchestrator.Simulation.Hosts;

/// <summary>The checkpoint store as it truly is: which shards were written by whom, and which are damaged.</summary>
internal sealed class ShardStore
{
    private readonly Dictionary<string, StoredShard> _shards = [];
    private readonly Dictionary<string, List<string>> _byJob = [];

    /// <summary>A rank writes a shard into the store; or into the memory of its host.</summary>
    public Shard Write(string job, int attempt, long step, int rank, Host? memory = null)
    {
        var path = $"{job}/{step}/{attempt}/{rank}";
        _shards[path] = new StoredShard(job, attempt, step, rank) { IsInStore = memory is null };
        if (memory is not null)
        {
            _shards[path].HoldIn(memory);
        }

        if (!_byJob.TryGetValue(job, out var paths))
        {
            _byJob[job] = paths = [];
        }

        paths.Add(path);
        return new Shard(rank, path, []);
    }

    /// <summary>The shards of a checkpoint that a host holds and whose ranks run on it.</summary>
    public IEnumerable<(string Path, StoredShard Shard)> OwnedBy(Host host, string job, CheckpointId checkpoint) =>
        _byJob.GetValueOrDefault(job, []).Select(path => (path, _shards[path])).Where(entry =>
            entry.Item2.Step == checkpoint.Step && entry.Item2.Attempt == checkpoint.Attempt
            && entry.Item2.Copies.Contains((host, host.Boots))
            && host.Ranks.Exists(rank => rank.Job == job && rank.Rank == entry.Item2.Rank)).ToArray();

    public StoredShard? Find(string path) => _shards.GetValueOrDefault(path);

    /// <summary>Every shard of it is there and reads back as it was written.</summary>
    public bool IsWhole(CheckpointManifest manifest)
    {
        foreach (var shard in manifest.Shards)
        {
            if (Find(shard.Path) is not { IsDamaged: false, IsDeleted: false })
            {
                return false;
            }
        }

        return true;
    }

    public bool IsDamaged(CheckpointManifest manifest) =>
        manifest.Shards.Any(shard => Find(shard.Path) is { IsDamaged: true });

    /// <summary>Deletes what is older than the newest kept checkpoint and not among the kept ones.</summary>
    public void Retain(string job, ImmutableArray<CheckpointManifest> kept)
    {
        if (!_byJob.TryGetValue(job, out var paths))
        {
            return;
        }

        var newest = kept.Max(manifest => manifest.Step);
        var keptPaths = kept.SelectMany(manifest => manifest.Shards).Select(shard => shard.Path).ToHashSet();
        foreach (var path in paths.Where(path => _shards[path].Step < newest && !keptPaths.Contains(path)))
        {
            _shards[path].IsDeleted = true;
        }

        paths.RemoveAll(path => _shards[path].IsDeleted);
    }
}
