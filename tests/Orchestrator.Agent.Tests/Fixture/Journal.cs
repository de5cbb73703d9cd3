namespace Orchestrator.Agent.Tests.Fixture;

/// <summary>What happened, in order; a test waits for an entry that is there already or comes in time.</summary>
public sealed class Journal<TEntry>
{
    /// <summary>Costs only a test that fails, and must outlast a machine that is busy with something else.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly List<TEntry> _entries = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    public IReadOnlyList<TEntry> Snapshot()
    {
        lock (_gate)
            return [.. _entries];
    }

    public void Add(TEntry entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
            _more.TrySetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task<TFound> WaitAsync<TFound>(string what, Func<TEntry, TFound?> select, int from = 0)
        where TFound : class
    {
        var begun = TimeProvider.System.GetTimestamp();
        for (var index = from; ; index++)
        {
            while (index >= Count)
            {
                Task more;
                lock (_gate)
                    more = index < _entries.Count ? Task.CompletedTask : _more.Task;
                var left = Patience - TimeProvider.System.GetElapsedTime(begun);
                try
                {
                    await more.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero);
                }
                catch (TimeoutException)
                {
                    throw new TimeoutException($"Did not happen within {Patience.TotalSeconds} s: {what}.");
                }
            }

            TEntry entry;
            lock (_gate)
                entry = _entries[index];
            if (select(entry) is { } found)
                return found;
        }
    }
}
