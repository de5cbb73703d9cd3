using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>Training vouches for hosts whose ranks compute, and not on and on for one whose are gone.</summary>
internal sealed class LivingVouched(VirtualWorld world) : Checker(world)
{
    /// <summary>What was seen before the end may be told after it, by each of a job's activations.</summary>
    private const int MostLate = 2;

    private readonly Dictionary<(string Node, long Lease, int Attempt), int> _late = [];

    public override void NodeStored(in NodeChange change)
    {
        if (change is not { Call: NodeCall.Vouch, Before.Phase: NodePhase.Suspect, After.Lease: { } lease })
        {
            return;
        }

        if (World.Host(change.Name).Ranks.Exists(rank => rank.IsComputing && rank.LeaseNumber == lease.Number))
        {
            return;
        }

        var key = (change.Name, lease.Number, lease.Attempt);
        if ((_late[key] = _late.GetValueOrDefault(key) + 1) > MostLate)
        {
            Fail($"Training vouched for {change.Name} {_late[key]} times after its ranks of {lease.Job} had ended.");
        }
    }
}
