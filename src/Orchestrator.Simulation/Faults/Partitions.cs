using Orchestrator.Domain.Jobs;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Faults;

/// <summary>Takes the network apart, or the whole control plane away, and brings them back.</summary>
internal sealed class Partitions(VirtualWorld world, FaultPlan plan)
{
    /// <summary>Lets a fault of the network happen; false when the kind is another one's.</summary>
    public bool Strike(FaultKind kind, Host host)
    {
        Action? strike = kind switch
        {
            FaultKind.CutControl => () => Cut([host], Reach.Peers),
            FaultKind.CutNetwork => () => Cut([host], Reach.Nobody),
            FaultKind.CutPeers => () => Cut([host], Reach.ControlPlane),
            FaultKind.CutFleet => () => Cut(Most(), Reach.Peers),
            FaultKind.CutRack => () => Part([.. world.Hosts.Where(other => other.Rack == host.Rack)]),
            FaultKind.CutGang => () => Part(Gang(host)),
            FaultKind.StopControlPlane => Stop,
            _ => null,
        };
        strike?.Invoke();
        return strike is not null;
    }

    private void Cut(IEnumerable<Host> hosts, Reach reach)
    {
        // The end of this fault must not end another one early.
        var whole = hosts.Where(host => host.Reach == Reach.Everybody).ToArray();
        foreach (var host in whole)
        {
            host.Cut(reach);
        }

        foreach (var host in world.Chance.OneIn(2) ? [] : whole)
        {
            // They come back one by one.
            Later(host.Name, () => host.Cut(Reach.Everybody));
        }

        Later("", () => Array.ForEach(whole, host => host.Cut(Reach.Everybody)));
    }

    private void Part(Host[] hosts)
    {
        var whole = hosts.Where(host => host.Island == 0).ToArray();
        world.Network.Part(whole);
        Later("", () => Network.Return(whole));
    }

    private void Stop()
    {
        if (world.Network.IsControlPlaneUp)
        {
            world.StopControlPlane();
            Later("", Start);
        }
    }

    private void Start()
    {
        if (!world.Network.IsControlPlaneUp)
        {
            world.StartControlPlane(TimeSpan.Zero);
        }
    }

    /// <summary>A host with all those that it trains with, and sometimes with others.</summary>
    private Host[] Gang(Host host)
    {
        var running = world.Jobs.All.Where(job => job.Phase == JobPhase.Running).ToArray();
        var gang = running.Length > 0
            ? world.Chance.Of(running).Gang.Select(member => world.Host(member.Node)).ToHashSet()
            : [host];
        return [.. world.Hosts.Where(other => gang.Contains(other) || world.Chance.OneIn(4))];
    }

    private IEnumerable<Host> Most()
    {
        var spared = world.Chance.Below(1 + (world.Hosts.Count / 2));
        return world.Hosts.Skip(spared);
    }

    private void Later(string whom, Action end) =>
        world.Agenda.In(plan.Duration(world.Chance), "fault ends", whom, end);
}
