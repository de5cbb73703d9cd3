using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>No node is leased twice, and no host computes for two jobs.</summary>
internal sealed class OneLease(VirtualWorld world) : Checker(world)
{
    public override void NodeStored(in NodeChange change)
    {
        var (before, after) = (change.Before, change.After);
        if (after.Lease is not { } lease || lease.Number == before.Lease?.Number)
        {
            return;
        }

        if (before.Lease is { } known)
        {
            Fail($"{change.Name} was leased to {lease.Job} while {known.Job} held lease {known.Number}.");
        }

        if (before.Phase != NodePhase.Warm || !before.IsConnected || !before.Cordons.IsEmpty || !before.Remains.IsEmpty)
        {
            Fail($"{change.Name} was leased to {lease.Job} although it was {before.Phase}.");
        }
    }

    public override void RankStarted(RankProcess rank)
    {
        foreach (var other in rank.Host.Ranks)
        {
            if (other.Job != rank.Job && other.IsComputing)
            {
                Fail($"{rank.Host.Name} computes for {other.Job} and for {rank.Job}.");
            }
        }
    }
}
