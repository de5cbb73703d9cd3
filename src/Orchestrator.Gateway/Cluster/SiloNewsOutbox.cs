using Orchestrator.Domain.Events;
using Orchestrator.Gateway.Events;
using Orchestrator.Gateway.Progress;

namespace Orchestrator.Gateway.Cluster;

/// <summary>What the other silos were not told yet. Bounded: of each rank and kind only the newest is kept.</summary>
internal sealed class SiloNewsOutbox(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Job, int Attempt, int Rank), RankBeat> _beats = [];
    private readonly HashSet<string> _kinds = [];
    private readonly Queue<FleetEvent> _events = new();

    /// <summary>A rank told how far it is.</summary>
    public void Add(string job, int attempt, int rank, RankBeat beat)
    {
        lock (_lock)
        {
            _beats[(job, attempt, rank)] = beat;
        }
    }

    /// <summary>A record of a kind was written, and this follows from it.</summary>
    public void Add(string kind, IEnumerable<FleetEvent> events)
    {
        lock (_lock)
        {
            _kinds.Add(kind);
            foreach (var one in events)
            {
                _events.Enqueue(one);
                if (_events.Count > EventJournal.Capacity)
                {
                    _events.Dequeue();
                }
            }
        }
    }

    /// <summary>Takes everything out.</summary>
    /// <param name="silo">Whose news it is.</param>
    /// <param name="heard">Nodes whose agents are heard here.</param>
    public SiloNews Take(SiloAddress silo, IEnumerable<string> heard)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var news = new SiloNews
            {
                Silo = silo,
                Heard = [.. heard],
                Beats =
                [
                    .. _beats.Select(beat => new HeardBeat(
                        beat.Key.Job,
                        beat.Key.Attempt,
                        beat.Key.Rank,
                        beat.Value.Step,
                        now - beat.Value.FinishedAt,
                        beat.Value.Phase)),
                ],
                Kinds = [.. _kinds],
                Events = [.. _events],
            };
            _beats.Clear();
            _kinds.Clear();
            _events.Clear();
            return news;
        }
    }
}
