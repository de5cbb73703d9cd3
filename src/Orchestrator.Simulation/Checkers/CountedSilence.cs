using Orchestrator.Domain.Leases;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>
/// Silence alone ends a lease in the records only while most of the fleet is heard, and when no rank of it computes.
/// </summary>
internal sealed class CountedSilence(VirtualWorld world) : Checker(world)
{
    public override void NodeStored(in NodeChange change)
    {
        var (before, after) = (change.Before.Lease, change.After.Lease);
        if (change.Call != NodeCall.Tick || change.Before.IsConnected || before is null or { Phase: LeasePhase.Revoked }
            || after is { Phase: not LeasePhase.Revoked })
        {
            return;
        }

        if (World.Fleet.HeardFor(change.Before.Peers) is null)
        {
            Fail($"{change.Name} was called lost while most of the fleet was silent.");
        }

        var host = World.Host(change.Name);
        if (!host.IsPaused && host.Ranks.Find(rank => rank.IsComputing && rank.Job == before.Job) is { } rank)
        {
            Fail($"{change.Name} was called lost while rank {rank.Rank} of {rank.Job}, attempt {rank.Attempt}, "
                + "computes.");
        }
    }
}
