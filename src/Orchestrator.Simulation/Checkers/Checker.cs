using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>Looks for one thing that must never be, at what has just changed.</summary>
internal abstract class Checker(VirtualWorld world)
{
    /// <summary>Its name in reports.</summary>
    public string Name => GetType().Name;

    protected VirtualWorld World => world;

    public virtual void NodeStored(in NodeChange change)
    {
    }

    public virtual void JobStored(in JobChange change)
    {
    }

    /// <summary>Something was said about a session, and this is what the node made of it.</summary>
    public virtual void Heard(string node, long session, NodeState before, NodeState after)
    {
    }

    public virtual void OrderGiven(string node, NodeOrder order)
    {
    }

    public virtual void OrderSent(Host host, NodeOrder order)
    {
    }

    public virtual void OrderObeyed(Host host, NodeOrder order)
    {
    }

    public virtual void Prepared(NodeOrder order, CheckpointManifest? resume, bool isWhole)
    {
    }

    public virtual void Launched(NodeOrder order, LaunchOrder launch)
    {
    }

    public virtual void RankStarted(RankProcess rank)
    {
    }

    /// <summary>A host lets a rank's lease run out.</summary>
    public virtual void LeaseRanOut(RankProcess rank)
    {
    }

    /// <summary>Who hears whom may be different now.</summary>
    public virtual void NetworkChanged()
    {
    }

    public virtual void OwnFault(string job, int attempt)
    {
    }

    public virtual void IncidentKept(Incident incident)
    {
    }

    public virtual void EventEnded()
    {
    }

    /// <summary>Everything healed, and enough time passed.</summary>
    public virtual void Settled()
    {
    }

    protected void Fail(string sentence) => world.Watch.Report(new Violation(Name, sentence));
}
