using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>A cordon is lifted by its owner only.</summary>
internal sealed class OwnCordons(VirtualWorld world) : Checker(world)
{
    public override void NodeStored(in NodeChange change)
    {
        foreach (var cordon in change.Before.Cordons)
        {
            var owner = cordon.Owner;
            if (change.After.Cordons.Any(other => other.Owner == owner))
            {
                continue;
            }

            var isLifted = change.Call == NodeCall.LiftCordon && change.Owner == owner;
            var isRepaired = change.Call == NodeCall.Attach && owner == Cordon.Ours;
            if (!isLifted && !isRepaired)
            {
                Fail($"{change.Name}: {change.Call} by {change.Owner} lifted the cordon of {owner}.");
            }
        }
    }
}
