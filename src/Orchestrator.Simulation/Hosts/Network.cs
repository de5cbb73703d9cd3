using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Hosts;

/// <summary>Who reaches whom, and who answers whom.</summary>
internal sealed class Network(VirtualWorld world)
{
    private const int Mainland = 0;
    private int _islands;

    public bool IsControlPlaneUp { get; private set; } = true;

    public bool ReachesControlPlane(Host host) =>
        IsControlPlaneUp && host.Island == Mainland && host.Reach is (Reach.Everybody or Reach.ControlPlane);

    public static bool Reaches(Host one, Host other) =>
        one == other || (HasPeers(one) && HasPeers(other) && one.Island == other.Island);

    /// <summary>These ranks can go on together.</summary>
    public static bool Joins(IReadOnlyList<RankProcess> ranks)
    {
        foreach (var rank in ranks)
        {
            if (!rank.Host.CanCompute || !Reaches(ranks[0].Host, rank.Host))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Asks the sample of a host: of each that answers, whether it hears the control plane.</summary>
    public List<bool> Knock(Host host) =>
    [
        .. (host.Leases.Sample ?? []).Select(world.Host)
            .Where(peer => peer.CanAnswer && Reaches(host, peer))
            .Select(peer => peer.Agent.HasContact),
    ];

    /// <summary>Hosts reach each other, and nobody else, until they come back.</summary>
    public void Part(IReadOnlyList<Host> hosts)
    {
        _islands++;
        Move(hosts, _islands);
    }

    public static void Return(IReadOnlyList<Host> hosts) => Move(hosts, Mainland);

    public void StopControlPlane() => IsControlPlaneUp = false;

    public void StartControlPlane()
    {
        IsControlPlaneUp = true;
        foreach (var host in world.Hosts)
        {
            host.ContactChanged();
        }
    }

    /// <summary>What agents would be told if they asked may be something else now.</summary>
    public void Changed()
    {
        foreach (var host in world.Hosts)
        {
            host.Leases.AskAnew();
        }

        world.Watch.NetworkChanged();
    }

    private static void Move(IReadOnlyList<Host> hosts, int island)
    {
        foreach (var host in hosts)
        {
            host.Island = island;
        }

        foreach (var host in hosts)
        {
            host.ContactChanged();
        }
    }

    private static bool HasPeers(Host host) => host.Reach is Reach.Everybody or Reach.Peers;
}
