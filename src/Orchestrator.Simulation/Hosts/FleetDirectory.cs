using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Hosts;

/// <summary>What the control plane knows of its fleet: who should be heard, who is, and whom each agent asks.</summary>
internal sealed class FleetDirectory(VirtualWorld world)
{
    private const double LongestReading = 5;
    private static readonly TimeSpan NextTick = TimeSpan.FromSeconds(0.5);
    private readonly Dictionary<string, TimeSpan> _heardSince = [];
    private NodeState[]? _known;
    private bool _isReading;

    /// <summary>
    /// For how long enough is heard to count the silence of a host that can ask these; null while it is not.
    /// </summary>
    public TimeSpan? HeardFor(IReadOnlyCollection<string>? peers)
    {
        if (_known is not { } known || Isolation.FleetHeardFor(known.Select(node => Of(node.Name))) is not { } fleet)
        {
            return null;
        }

        var sample = peers is null ? fleet : Isolation.SampleHeardFor(peers.Select(Of));
        return sample is null || sample < fleet ? sample : fleet;
    }

    /// <summary>Whom the agent of a node is told to ask; null while that is not known.</summary>
    public IReadOnlyList<string>? SampleFor(string name) => _known is { } known && known.Any(node => node.Name == name)
        ? Isolation.Sample(name, known.Select(node => (node.Name, node.Labels.GetValueOrDefault(Topology.RackLabel))))
        : null;

    /// <summary>Somebody is heard, or is not any more.</summary>
    public void Look()
    {
        var isNews = false;
        foreach (var host in world.Hosts)
        {
            if (host.Stream is { IsOpen: true, IsStale: false })
            {
                isNews |= _heardSince.TryAdd(host.Name, world.Clock.Passed);
            }
            else
            {
                _heardSince.Remove(host.Name);
            }
        }

        if (isNews)
        {
            LookAtSilent();
        }
    }

    /// <summary>A host is heard again, perhaps before anybody noticed its silence.</summary>
    public void Return(Host host, TimeSpan silentSince)
    {
        if (IsMissed(silentSince) && _heardSince.ContainsKey(host.Name))
        {
            _heardSince[host.Name] = world.Clock.Passed;
            LookAtSilent();
        }
    }

    /// <summary>A record says something else now: it is read some seconds later.</summary>
    public void NodeStored(NodeState before, NodeState after)
    {
        if (NodeContact.IsExpected(before) != NodeContact.IsExpected(after) || before.Name != after.Name)
        {
            Read(LongestReading);
        }
    }

    /// <summary>The silo ends and knows nothing any more; the next one reads at its start.</summary>
    public void Forget()
    {
        _known = null;
        _heardSince.Clear();
        Read(1);
    }

    /// <summary>An agent is told whom to ask, with each heartbeat.</summary>
    public void Tell(Host host)
    {
        if (host.SilentSince is null && host.Stream is { } stream && SampleFor(host.Name) is { } sample)
        {
            stream.Told = sample;
            host.Leases.Sample = sample;
        }
    }

    private void Read(double longest)
    {
        if (_isReading)
        {
            return;
        }

        _isReading = true;
        world.Agenda.In(world.Chance.Between(0, longest), "fleet read", "", () =>
        {
            _isReading = false;
            if (!world.Network.IsControlPlaneUp)
            {
                return;
            }

            _known = [.. world.Nodes.All.Where(NodeContact.IsExpected)];
            foreach (var host in world.Hosts)
            {
                Tell(host);
            }

            LookAtSilent();
        });
    }

    /// <summary>Nodes that were held look at their deadlines again.</summary>
    private void LookAtSilent()
    {
        foreach (var host in world.Hosts.Where(host => world.Node(host.Name).Present is { IsHeld: true }))
        {
            world.Agenda.In(NextTick, "tick", host.Name, world.Node(host.Name).TickOnceMore);
        }
    }

    private TimeSpan? Of(string node) =>
        _heardSince.TryGetValue(node, out var since) && !IsMissed(world.Host(node).SilentSince)
            ? world.Clock.Passed - since
            : null;

    private bool IsMissed(TimeSpan? silentSince) =>
        world.Clock.Passed - silentSince >= Isolation.HeartbeatHolds;
}
