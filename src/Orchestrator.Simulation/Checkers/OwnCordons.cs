using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>A cordon is lifted by its owner only; Orchestrator's own also by force, and by a repair.</summary>
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

            var isLifted = change.Owner == owner && change.Call is (NodeCall.Resume or NodeCall.ResumeByForce);
            var isOverruled = owner == Cordon.Ours && change.Call is (NodeCall.ResumeByForce or NodeCall.Attach);
            if (!isLifted && !isOverruled)
            {
                Fail($"{change.Name}: {change.Call} by {change.Owner} lifted the cordon of {owner}.");
            }
        }
    }
}
