using Orchestrator.Domain;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Workload;

/// <summary>People and other systems that drain and resume nodes, and look at what becomes of it.</summary>
internal sealed class Operators(VirtualWorld world)
{
    private const string Why = "Maintenance.";

    public void Act()
    {
        var node = world.Node(world.Chance.Of(world.Hosts).Name);
        var owner = world.Chance.Of(Owners.All);
        switch (world.Chance.Below(12))
        {
            case < 2:
                node.Call(grain => grain.Drain(owner, Why, movesJob: false));
                break;
            case < 4:
                node.Call(grain => grain.Drain(owner, Why, movesJob: true));
                break;
            case < 8:
                node.Call(grain => grain.Resume(owner, "Done.", isForced: false));
                break;
            case < 11:
                node.Call(grain => grain.Resume(owner, "Done.", isForced: true));
                break;
            default:
                Mistake(node);
                break;
        }
    }

    /// <summary>Requests that must be refused.</summary>
    private void Mistake(GrainSlot<NodeActivation> node)
    {
        switch (world.Chance.Below(3))
        {
            case 0:
                node.Call(grain => grain.Drain(Cordon.Ours, Why, movesJob: false));
                break;
            case 1:
                node.Call(grain => grain.Drain(Cordon.Operators, "", movesJob: false));
                break;
            default:
                var record = world.Nodes.Find(node.Name) ?? new NodeState();
                var lift = NodeFitness.LiftCordon(record, "nobody", new Reason("resumed", Why), world.Clock.Now);
                world.Coverage.Saw(lift.Refusal!);
                break;
        }
    }
}
