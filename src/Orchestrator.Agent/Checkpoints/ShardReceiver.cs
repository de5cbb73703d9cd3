using System.Collections.Concurrent;
using Orchestrator.Agent.Jobs;
using Orchestrator.Checkpoints;
using Orchestrator.Checkpoints.Durable;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Holds shards of other hosts: takes them in file by file, and gives them back to whoever restores.</summary>
internal sealed class ShardReceiver(MemoryTier memory, ShardShelf shelf, JobTable jobs, ILogger<ShardReceiver> log)
{
    private static readonly TimeSpan StallPatience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, Incoming> _incoming = [];

    /// <summary>Another host asks this one to hold a shard.</summary>
    /// <returns>Null when its files may come, or why not.</returns>
    public CheckpointFault? Offer(ShardOffer offer)
    {
        if (!offer.IsWellFormed)
            return new CheckpointFault("offer_invalid", "The offer does not name a shard as a store does.");
        var job = jobs.Get(offer.JobId);
        if (job.IsOver(offer.RunningAttempt) || offer.RunningAttempt <= job.ReleasedAttempt)
        {
            return new CheckpointFault(
                "attempt_over", $"Attempt {offer.RunningAttempt} of {offer.JobId} is over on this host.");
        }

        if (shelf.Find(offer.JobId, offer.Shard.Path) is not null)
            return null;
        if (memory.Refusal(offer.Bytes) is { } full)
            return full;
        var incoming = memory.PathOf(offer.JobId, offer.Shard) + ShardCopy.Incoming;
        if (Directory.Exists(incoming))
            Directory.Delete(incoming, recursive: true);
        Directory.CreateDirectory(incoming);
        _incoming[KeyOf(offer.JobId, offer.Shard.Path)] = new Incoming(offer, incoming);
        return null;
    }

    /// <summary>Takes one file of an offered shard.</summary>
    /// <returns>Null when it is as its manifest says, or the fault.</returns>
    public async Task<CheckpointFault?> TakeAsync(
        string jobId, string shardPath, string name, Stream content, CancellationToken cancellationToken)
    {
        if (shelf.Find(jobId, shardPath) is not null)
            return null;
        if (!_incoming.TryGetValue(KeyOf(jobId, shardPath), out var incoming)
            || incoming.Offer.Shard.Files.FirstOrDefault(file => file.Name == name) is not { } expected)
            return new CheckpointFault("not_offered", $"{name} of {shardPath} was not offered.");
        var path = Path.Combine(incoming.Directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        var fault = await ReceivedFile.WriteAsync(
            path, expected, $"{name} of {shardPath}", content.ReadAsync, StallPatience, cancellationToken);
        if (fault is null)
            incoming.Whole[name] = true;
        return fault;
    }

    /// <summary>The last file of an offered shard was sent.</summary>
    /// <returns>Null when the shard is held from now on, or the fault.</returns>
    public CheckpointFault? Complete(ShardOffer offer)
    {
        if (shelf.Find(offer.JobId, offer.Shard.Path) is not null)
            return null;
        if (!_incoming.TryRemove(KeyOf(offer.JobId, offer.Shard.Path), out var incoming)
            || incoming.Offer.Shard.Files.Any(file => !incoming.Whole.ContainsKey(file.Name)))
            return new CheckpointFault("not_offered", $"Not every file of {offer.Shard.Path} has come.");
        var target = memory.PathOf(offer.JobId, offer.Shard);
        // One that could not be noted before.
        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        Directory.Move(incoming.Directory, target);
        shelf.Put(new HeldShard(
            offer.JobId, offer.Step, offer.Attempt, offer.ShardsExpected, incoming.Offer.Shard, offer.Store));
        log.LogInformation("Holds {Shard} of {Job} for another host", offer.Shard.Path, offer.JobId);
        return null;
    }

    /// <summary>Path of a file that is held here; null where it is not.</summary>
    public string? PathOf(string jobId, string shardPath, string name) =>
        shelf.Find(jobId, shardPath) is { } held && held.Shard.Files.Any(file => file.Name == name)
            ? Path.Combine(memory.PathOf(jobId, held.Shard), name)
            : null;

    private static string KeyOf(string jobId, string shardPath) => $"{jobId}/{shardPath}";

    private sealed record Incoming(ShardOffer Offer, string Directory)
    {
        public ConcurrentDictionary<string, bool> Whole { get; } = [];
    }
}
