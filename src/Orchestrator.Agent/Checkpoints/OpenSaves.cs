using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// Saves that ranks of this host are copying right now. The agent's own work on checkpoints waits for them: a rank that
/// copies stands still, and all others with it, while nobody waits for a hash.
/// </summary>
internal sealed class OpenSaves(TimeProvider time)
{
    /// <summary>Longer than a memory takes for a copy of a part of it; a rank may die before its commit.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<RankKey, long> _begun = [];
    private TaskCompletionSource _ended = NewEnd();

    public void Begun(RankKey key)
    {
        lock (_gate)
            _begun[key] = time.GetTimestamp();
    }

    public void Ended(RankKey key)
    {
        lock (_gate)
        {
            if (!_begun.Remove(key) || _begun.Count > 0)
                return;
            _ended.TrySetResult();
            _ended = NewEnd();
        }
    }

    /// <summary>Completes when no rank copies, and in any case after <see cref="Patience"/>.</summary>
    public async Task QuietAsync(CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (End() is { } end && time.GetElapsedTime(since) is var waited && waited < Patience)
        {
            try
            {
                await end.WaitAsync(Patience - waited, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Whoever copies for so long shares the host from now on.
            }
        }
    }

    // Null when no rank copies; one that has not committed for so long does not count any more.
    private Task? End()
    {
        lock (_gate)
        {
            foreach (var (key, at) in _begun)
            {
                if (time.GetElapsedTime(at) >= Patience)
                    _begun.Remove(key);
            }

            return _begun.Count == 0 ? null : _ended.Task;
        }
    }

    private static TaskCompletionSource NewEnd() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
