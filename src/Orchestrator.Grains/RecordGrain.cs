using Orchestrator.Domain.Storage;
using Orchestrator.Grains.Silo;

namespace Orchestrator.Grains;

/// <summary>A grain around one stored record: load, decide, write if it changed, then act.</summary>
/// <typeparam name="TState">The record.</typeparam>
/// <param name="record">Where it is stored.</param>
/// <param name="kind">Its kind, one of <see cref="RecordKinds"/>.</param>
/// <param name="feed">Who hears of changes.</param>
internal abstract class RecordGrain<TState>(IPersistentState<TState> record, string kind, IChangeFeed feed) : Grain
    where TState : class
{
    /// <summary>How often a grain looks at its deadlines and repeats what was not answered.</summary>
    protected static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>What was not answered in this time is sent again; everything sent is idempotent.</summary>
    protected static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(2);

    /// <summary>The record as decided; between turns it is the stored one.</summary>
    protected TState State => record.State;

    /// <summary>Changes the record without storing it: for what may be forgotten.</summary>
    /// <param name="next">The record.</param>
    protected void Remember(TState next) => record.State = next;

    /// <summary>
    /// Makes sure that nobody else wrote the record since this activation read it. A refusal stores nothing, so nothing
    /// else would tell, and whoever is refused acts on it.
    /// </summary>
    /// <returns>When it is known.</returns>
    /// <exception cref="InvalidOperationException">Another activation wrote; the next call finds a new one.</exception>
    protected async Task CheckIsCurrentAsync()
    {
        var (remembered, etag) = (record.State, record.Etag);
        await record.ReadStateAsync();
        record.State = remembered;
        if (record.Etag != etag)
        {
            DeactivateOnIdle();
            throw new InvalidOperationException($"{kind} {this.GetPrimaryKeyString()} was written by somebody else.");
        }
    }

    /// <summary>Stores the record, if it changed. Nothing may act on a record that was not stored.</summary>
    /// <param name="next">The record as decided.</param>
    /// <returns>When it is stored.</returns>
    protected async Task CommitAsync(TState next)
    {
        if (ReferenceEquals(next, record.State))
        {
            return;
        }

        var before = record.State;
        record.State = next;
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            // Written or not, nobody knows: the next activation reads the truth and decides anew.
            record.State = before;
            DeactivateOnIdle();
            throw;
        }

        feed.Publish(kind, this.GetPrimaryKeyString(), before, next);
    }
}
