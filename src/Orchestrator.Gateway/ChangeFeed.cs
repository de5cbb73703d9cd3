using System.Collections.Concurrent;
using System.Threading.Channels;
using Orchestrator.Domain.Events;
using Orchestrator.Gateway.Cluster;
using Orchestrator.Gateway.Events;
using Orchestrator.Grains.Silo;

namespace Orchestrator.Gateway;

/// <summary>
/// Wakes the watchers of this silo, whichever silo wrote. A watcher that is slow misses wakes, never a state: it reads
/// anew.
/// </summary>
internal sealed class ChangeFeed(EventJournal journal, SiloNewsOutbox outbox) : IChangeFeed
{
    private readonly ConcurrentDictionary<Subscription, bool> _subscriptions = new();

    /// <inheritdoc/>
    public void Publish(string kind, string key, object before, object after)
    {
        outbox.Add(kind, journal.Note(before, after));
        Wake(kind);
    }

    /// <summary>Another silo wrote.</summary>
    /// <param name="kinds">The kinds of its records.</param>
    /// <param name="events">What happened there.</param>
    public void Hear(IEnumerable<string> kinds, IReadOnlyCollection<FleetEvent> events)
    {
        journal.Add(events);
        foreach (var kind in kinds)
        {
            Wake(kind);
        }
    }

    /// <summary>Begins to listen.</summary>
    /// <param name="kinds">The kinds of records to hear of.</param>
    /// <returns>The subscription; dispose it to end it.</returns>
    public Subscription Subscribe(params string[] kinds)
    {
        var subscription = new Subscription(this, kinds);
        _subscriptions[subscription] = true;
        return subscription;
    }

    private void Wake(string kind)
    {
        foreach (var subscription in _subscriptions.Keys)
        {
            subscription.Wake(kind);
        }
    }

    /// <summary>One watcher's ear: remembers only that something changed.</summary>
    internal sealed class Subscription(ChangeFeed feed, string[] kinds) : IDisposable
    {
        private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public void Dispose() => feed._subscriptions.TryRemove(this, out _);

        /// <summary>Waits for a change, or for the period after which telemetry is worth another look.</summary>
        public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var timer = time.CreateTimer(
                static source => ((CancellationTokenSource)source!).Cancel(),
                timeout,
                atMost,
                Timeout.InfiniteTimeSpan);
            try
            {
                await _wakes.Reader.ReadAsync(timeout.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Nothing changed; the caller looks all the same.
            }
        }

        internal void Wake(string kind)
        {
            if (kinds.Contains(kind))
            {
                _wakes.Writer.TryWrite(true);
            }
        }
    }
}
