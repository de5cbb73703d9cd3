using System.Collections.Concurrent;
using Orchestrator.Agent.Host;
using Orchestrator.Agent.Ranks;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// Hashes the shards that ranks have handed over, and puts them on the shelf. What was taken over is noted, so that an
/// agent that starts anew goes on with it.
/// </summary>
internal sealed class ShardSealing : BackgroundService
{
    private const string RecordEnding = ".taken.json";
    private readonly ShardShelf _shelf;
    private readonly MemoryTier _memory;
    private readonly OpenSaves _saves;
    private readonly SaveFence _fence;
    private readonly ILogger<ShardSealing> _log;
    private readonly AsyncSignal _work = new();
    private readonly ConcurrentDictionary<string, Taken> _taken;

    public ShardSealing(
        ShardShelf shelf, MemoryTier memory, OpenSaves saves, SaveFence fence, ILogger<ShardSealing> log)
    {
        (_shelf, _memory, _saves, _fence, _log) = (shelf, memory, saves, fence, log);
        _taken = new(HeldRecord.ReadAll(memory, RecordEnding, log)
            .Select(shard => KeyValuePair.Create(KeyOf(shard.JobId, shard.Shard.Path), new Taken(shard))));
    }

    public bool IsTaken(string jobId, string shardPath) => _taken.ContainsKey(KeyOf(jobId, shardPath));

    /// <summary>Takes a shard over, whose files are not known yet; once more is the same as once.</summary>
    /// <returns>Completes with null when it is on the shelf, or with the reason why it never will be.</returns>
    /// <exception cref="IOException">It cannot be noted.</exception>
    public Task<CheckpointFault?> Take(HeldShard shard)
    {
        if (_shelf.Find(shard.JobId, shard.Shard.Path) is not null)
            return Task.FromResult<CheckpointFault?>(null);
        HeldRecord.Write(RecordOf(shard), shard);
        var taken = _taken.GetOrAdd(KeyOf(shard.JobId, shard.Shard.Path), _ => new Taken(shard));
        _work.Set();
        return taken.End.Task;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var ranks = _taken.Values.GroupBy(taken => (taken.Shard.JobId, taken.Shard.Shard.Rank));
            await Task.WhenAll(ranks.Select(rank =>
                SealInOrderAsync(rank.OrderBy(taken => taken.Shard.Step), stoppingToken)));
            await _work.WaitAsync(stoppingToken);
        }
    }

    // A newer checkpoint of a rank must not be known before an older one: it would retire it in mid-work.
    private async Task SealInOrderAsync(IEnumerable<Taken> ofRank, CancellationToken cancellationToken)
    {
        foreach (var taken in ofRank.ToArray())
        {
            var fault = await TryAsync(taken.Shard, cancellationToken);
            if (fault is not null)
                GiveUp(taken.Shard, fault);
            // On the shelf first: a shard that is in neither place belongs to nobody.
            _taken.TryRemove(KeyOf(taken.Shard.JobId, taken.Shard.Shard.Path), out _);
            Forget(taken.Shard);
            taken.End.TrySetResult(fault);
        }
    }

    private async Task<CheckpointFault?> TryAsync(HeldShard shard, CancellationToken cancellationToken)
    {
        try
        {
            return await SealAsync(shard, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CheckpointFault("host_storage_failed",
                $"The agent could not note {shard.Shard.Path} of {shard.JobId}: {exception.Message}");
        }
    }

    private async Task<CheckpointFault?> SealAsync(HeldShard shard, CancellationToken cancellationToken)
    {
        if (_shelf.Find(shard.JobId, shard.Shard.Path) is not null)
            return null;
        var key = new RankKey(shard.JobId, shard.Attempt, (uint)shard.Shard.Rank);
        var writer = new ShardWriter(key.JobId, (long)shard.Step, (int)key.Attempt, shard.Shard.Rank);
        var directory = _memory.PathOf(shard.JobId, shard.Shard);
        var (files, fault) = await _memory.SealAsync(writer, directory, _saves.QuietAsync, cancellationToken);
        // Hashing takes a while, and the attempt may have ended meanwhile. The rank may have, too, when it has saved.
        if ((fault ?? _fence.Refusal(key)) is { } refusal)
            return refusal;
        if (!Directory.Exists(directory))
            return new CheckpointFault("shard_missing", $"{directory} went away while it was hashed.");
        _shelf.Put(shard with { Shard = files! });
        return null;
    }

    private void GiveUp(HeldShard shard, CheckpointFault fault)
    {
        _log.LogWarning("{Shard} of {Job} is not stored: {Reason}", shard.Shard.Path, shard.JobId, fault.Sentence);
        try
        {
            var directory = _memory.PathOf(shard.JobId, shard.Shard);
            if (Directory.Exists(directory))
                Directory.Delete(directory, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _log.LogWarning("{Shard} is still in memory: {Reason}", shard.Shard.Path, exception.Message);
        }
    }

    private void Forget(HeldShard shard)
    {
        try
        {
            File.Delete(RecordOf(shard));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _log.LogDebug("The record of {Shard} is gone already: {Reason}", shard.Shard.Path, exception.Message);
        }
    }

    private string RecordOf(HeldShard shard) => HeldRecord.PathOf(_memory, shard, RecordEnding);

    private static string KeyOf(string jobId, string shardPath) => $"{jobId}/{shardPath}";

    private sealed record Taken(HeldShard Shard)
    {
        public TaskCompletionSource<CheckpointFault?> End { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
