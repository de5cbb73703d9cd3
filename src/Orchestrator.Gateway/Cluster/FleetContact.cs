using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orchestrator.Domain.Leases;
using Orchestrator.Gateway.Agents;
using Orchestrator.Grains.Silo;

namespace Orchestrator.Gateway.Cluster;

/// <summary>Adds up whose agents are heard, here and on the other silos, and since when.</summary>
internal sealed class FleetContact(ConnectionTable connections, PeerDirectory directory, TimeProvider time)
    : IFleetContact
{
    /// <summary>A silo tells its part every second; what it told holds as long as silence on a stream does.</summary>
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<SiloAddress, (ImmutableArray<string> Nodes, long At)> _elsewhere = new();
    private IReadOnlyDictionary<string, long> _heardSince = ImmutableDictionary<string, long>.Empty;

    /// <inheritdoc/>
    public TimeSpan? HeardFor(IReadOnlyCollection<string>? peers)
    {
        var since = Volatile.Read(ref _heardSince);
        TimeSpan? Of(string node) => since.TryGetValue(node, out var at) ? time.GetElapsedTime(at) : null;
        if (directory.InService is not { } known || Isolation.FleetHeardFor(known.Select(Of)) is not { } fleet)
        {
            return null;
        }

        // Null is less than any time, and stays null.
        var sample = peers is null ? fleet : Isolation.SampleHeardFor(peers.Select(Of));
        return sample is null || sample < fleet ? sample : fleet;
    }

    /// <summary>How many agents should be in contact, and how many of them are heard.</summary>
    public (int Expected, int Heard) Count
    {
        get
        {
            var known = directory.InService ?? [];
            return (known.Count, known.Count(Volatile.Read(ref _heardSince).ContainsKey));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string>? SampleFor(string node) =>
        directory.SampleFor(node)?.Select(peer => peer.Node).ToArray();

    /// <summary>Notices who is heard and who is not, several times a second, so that no silence is missed.</summary>
    public void Look()
    {
        var (now, before) = (time.GetTimestamp(), _heardSince);
        var heard = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var node in _elsewhere.Values.Where(part => time.GetElapsedTime(part.At) < Holds)
            .SelectMany(part => part.Nodes).Concat(connections.Heard))
        {
            heard[node] = before.TryGetValue(node, out var since) ? since : now;
        }

        Volatile.Write(ref _heardSince, heard);
    }

    /// <summary>Another silo told whom it hears.</summary>
    public void Hear(SiloAddress silo, ImmutableArray<string> nodes) => _elsewhere[silo] = (nodes, time.GetTimestamp());
}
