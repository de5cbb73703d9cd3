using Orchestrator.Domain.Events;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Grains.Incidents;

namespace Orchestrator.Gateway.Events;

/// <summary>
/// The newest events of the cluster, in memory of each silo: a restart forgets them, stored records tell a part.
/// </summary>
internal sealed class EventJournal(TimeProvider time)
{
    /// <summary>
    /// A few minutes of a large fleet in trouble, or weeks of a small one in peace; about 2 MiB.
    /// </summary>
    public const int Capacity = 4_096;

    private readonly Lock _lock = new();
    private readonly Queue<FleetEvent> _events = new();
    private long _written;

    /// <summary>A record was written: what happened follows from what changed.</summary>
    /// <returns>What happened.</returns>
    public IReadOnlyCollection<FleetEvent> Note(object before, object after)
    {
        FleetEvent[] news = (before, after) switch
        {
            (NodeState old, NodeState now) => [.. FleetEvents.Between(old, now)],
            (JobState old, JobState now) => [.. FleetEvents.Between(old, now, time.GetUtcNow())],
            (IncidentRecord old, IncidentRecord { Incident: { } now }) => [.. FleetEvents.Between(old.Incident, now)],
            _ => [],
        };
        Add(news);
        return news;
    }

    /// <summary>Keeps events, also those that happened on another silo.</summary>
    public void Add(IReadOnlyCollection<FleetEvent> news)
    {
        lock (_lock)
        {
            foreach (var one in news)
            {
                _events.Enqueue(one);
                _written++;
                if (_events.Count > Capacity)
                {
                    _events.Dequeue();
                }
            }
        }
    }

    /// <summary>What was written from a position onwards, as far as it is still there.</summary>
    /// <param name="position">0, or where the last page ended.</param>
    public JournalPage From(long position)
    {
        lock (_lock)
        {
            var oldest = _written - _events.Count;
            var skipped = (int)Math.Max(0, position - oldest);
            return new JournalPage([.. _events.Skip(skipped)], _written, Math.Max(0, oldest - position));
        }
    }
}

/// <summary>A piece of the journal.</summary>
/// <param name="Events">In the order in which they were written.</param>
/// <param name="End">Where the next page begins.</param>
/// <param name="Missed">How many of the asked ones are gone.</param>
internal sealed record JournalPage(IReadOnlyList<FleetEvent> Events, long End, long Missed);
