namespace Orchestrator.Storage.Sqlite;

/// <summary>Lets writers through one at a time, in the order in which they came.</summary>
/// <remarks>
/// SQLite has one writer. Those who come while it writes would poll for the file on blocked pool threads, and lose
/// after <see cref="StorageLimits.BusyWait"/>; here they wait without a thread.
/// </remarks>
internal sealed class WriteTurns(int limit) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _waiting;

    /// <summary>Runs a write when its turn comes.</summary>
    /// <exception cref="StorageBusyException">Too many writes wait already; this one did not happen.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while it waited; it did not happen.</exception>
    public async Task RunAsync(Func<Task> write, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > limit)
        {
            Interlocked.Decrement(ref _waiting);
            throw new StorageBusyException(limit);
        }

        try
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            await write().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
