using Orchestrator.Agent.Commands;
using Orchestrator.Agent.Host;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// Work on the shards of this host's ranks: it begins with every change of the shelf, and what failed is tried again,
/// after longer and longer waits.
/// </summary>
internal abstract class ShardWork(ShardShelf shelf, TimeProvider time, ILogger log) : BackgroundService
{
    private readonly AsyncSignal _work = new();

    protected ShardShelf Shelf { get; } = shelf;

    /// <summary>There may be something to do that the shelf does not know of.</summary>
    protected void Wake() => _work.Set();

    /// <summary>Whether there is something to do for a shard.</summary>
    protected abstract bool IsOpen(HeldShard shard);

    /// <summary>Does it.</summary>
    /// <returns>False: to be tried again.</returns>
    /// <exception cref="IOException">The memory folder cannot be written; it is tried again.</exception>
    protected abstract Task<bool> TryAsync(HeldShard shard, CancellationToken cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Shelf.Changed += _work.Set;
        var backoff = new Backoff(time);
        while (!stoppingToken.IsCancellationRequested)
        {
            var open = Shelf.All.Where(IsOpen).OrderBy(shard => shard.Step).ToArray();
            var outcomes = await Task.WhenAll(open.Select(shard => GuardAsync(shard, stoppingToken)));
            if (outcomes.Contains(false))
            {
                await backoff.WaitAsync(stoppingToken);
                continue;
            }

            backoff = new Backoff(time);
            await _work.WaitAsync(stoppingToken);
        }
    }

    // A full memory passes, and must not end the agent: whoever holds the copy already says so at once.
    private async Task<bool> GuardAsync(HeldShard shard, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAsync(shard, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("What was done for {Shard} of {Job} could not be noted: {Reason}",
                shard.Shard.Path, shard.JobId, exception.Message);
            return false;
        }
    }
}
