using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>What is said about an older session changes nothing: a late "lost" never undoes a newer "joined".</summary>
internal sealed class NewestSession(VirtualWorld world) : Checker(world)
{
    public override void Heard(string node, long session, NodeState before, NodeState after)
    {
        if (session < before.SessionNumber && !ReferenceEquals(before, after))
        {
            Fail($"{node}: news of session {session} changed the record of session {before.SessionNumber}.");
        }
    }
}
