using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.Workload;

namespace Orchestrator.Simulation.World;

/// <summary>Everything is repaired, every cordon is lifted by its owner, and it stays so.</summary>
internal static class Healing
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(30);

    public static void Heal(this VirtualWorld world)
    {
        world.IsHealed = true;
        world.Armed.Disarm();
        if (!world.Network.IsControlPlaneUp)
        {
            world.StartControlPlane(TimeSpan.Zero);
        }

        Network.Return(world.Hosts);
        foreach (var grain in world.Grains)
        {
            grain.Hang(TimeSpan.Zero);
            grain.EndSplit();
            grain.Wake();
        }

        foreach (var run in world.Training.Running)
        {
            run.HangsUntil = default;
        }

        foreach (var host in world.Hosts)
        {
            Repair(host);
        }

        Visit(world);
    }

    private static void Repair(Host host)
    {
        host.Yield();
        host.Resume();
        host.Agent.Freeze(false);
        host.Cut(Reach.Everybody);
        host.IsDiskFull = false;
        host.Boot();
        host.Agent.Start();
        if (!host.HasGpu || !host.HasAddress)
        {
            (host.HasGpu, host.HasAddress) = (true, true);
            host.Agent.Die();
            host.Agent.Start();
        }
    }

    /// <summary>Owners look after their cordons again and again: one may come for what happened before.</summary>
    private static void Visit(VirtualWorld world)
    {
        foreach (var host in world.Hosts)
        {
            if (world.Nodes.Find(host.Name) is { Cordons.IsEmpty: false })
            {
                Resume(world, host.Name);
            }
        }

        world.Agenda.In(Round, "owners look", "", () => Visit(world));
    }

    private static void Resume(VirtualWorld world, string node)
    {
        try
        {
            foreach (var owner in Owners.All)
            {
                world.Node(node).Call(grain => grain.Resume(owner, "It is well.", isForced: true));
            }
        }
        catch (Exception error) when (error is CallFailedException or StorageFailedException)
        {
            world.Note(error.Message);
        }
    }
}
