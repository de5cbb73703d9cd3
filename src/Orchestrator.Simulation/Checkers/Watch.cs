using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Gpus;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;
using Orchestrator.Simulation.Coverage;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>Tells every checker of every change, and keeps the first thing that any of them found.</summary>
internal sealed class Watch
{
    private readonly VirtualWorld _world;
    private readonly Checker[] _checkers;

    public Watch(VirtualWorld world)
    {
        _world = world;
        _checkers =
        [
            new NewestSession(world), new OwnCordons(world), new RisingNumbers(world), new OneLease(world),
            new WriteBeforeAct(world), new OneIncidentPerCause(world), new EndedLeases(world),
            new CountedSilence(world), new LivingVouched(world), new OneAttempt(world),
            new KnownTransitions(world), new EndedWaits(world), new KeptLineage(world), new WholeManifests(world),
            new VerifiedResume(world), new CountedFaults(world), new Convergence(world), new ClosedIncidents(world),
            new WholeLedger(world),
        ];
    }

    public Violation? First { get; private set; }

    public void Report(Violation violation) => First ??= violation;

    public void NodeStored(in NodeChange change)
    {
        _world.Coverage.Saw(change);
        Views.Look(_world, change);
        if (_world.IsTraced)
        {
            _world.Note($"{change.Name}: {change.Call}: {change.Before.Phase} -> {change.After.Phase} "
                + $"({change.After.Reason.Code}), lease {change.After.Lease?.Number} {change.After.Lease?.Job} "
                + $"{change.After.Lease?.Phase}, connected {change.After.IsConnected}");
        }

        foreach (var checker in _checkers)
        {
            checker.NodeStored(change);
        }
    }

    public void JobStored(in JobChange change)
    {
        _world.Coverage.Saw(change);
        Views.Look(_world, change);
        if (_world.IsTraced)
        {
            _world.Note($"{change.Id}: {change.Call}: {change.Before.Phase} -> {change.After.Phase} "
                + $"({change.After.Reason.Code}), attempt {change.After.Attempt}, incidents "
                + string.Join(' ', change.After.Incidents.Select(incident => $"{incident.Id}/{incident.Phase}")));
        }

        foreach (var checker in _checkers)
        {
            checker.JobStored(change);
        }
    }

    public void PoolStored(PoolState before, PoolState after)
    {
        foreach (var ticket in after.Waiting.Except(before.Waiting))
        {
            _world.Coverage.Saw(ticket.Reason);
        }
    }

    public void GpuStored(GpuState before, GpuState after)
    {
        if (after.Pending is { } verdict && before.Pending != verdict)
        {
            _world.Coverage.Saw(verdict.Reason);
        }
    }

    public void Heard(string node, long session, NodeState before, NodeState after) =>
        Array.ForEach(_checkers, checker => checker.Heard(node, session, before, after));

    public void OrderGiven(string node, NodeOrder order) =>
        Array.ForEach(_checkers, checker => checker.OrderGiven(node, order));

    public void OrderSent(Host host, NodeOrder order) =>
        Array.ForEach(_checkers, checker => checker.OrderSent(host, order));

    public void OrderObeyed(Host host, NodeOrder order) =>
        Array.ForEach(_checkers, checker => checker.OrderObeyed(host, order));

    public void Prepared(NodeOrder order, CheckpointManifest? resume, bool isWhole) =>
        Array.ForEach(_checkers, checker => checker.Prepared(order, resume, isWhole));

    public void Launched(NodeOrder order, LaunchOrder launch) =>
        Array.ForEach(_checkers, checker => checker.Launched(order, launch));

    public void RankStarted(RankProcess rank) => Array.ForEach(_checkers, checker => checker.RankStarted(rank));

    public void LeaseRanOut(RankProcess rank) => Array.ForEach(_checkers, checker => checker.LeaseRanOut(rank));

    public void NetworkChanged()
    {
        foreach (var checker in _checkers)
        {
            checker.NetworkChanged();
        }
    }

    public void OwnFault(string job, int attempt) =>
        Array.ForEach(_checkers, checker => checker.OwnFault(job, attempt));

    public void IncidentKept(Incident incident) =>
        Array.ForEach(_checkers, checker => checker.IncidentKept(incident));

    public void EventEnded()
    {
        foreach (var checker in _checkers)
        {
            checker.EventEnded();
        }
    }

    public void Settled() => Array.ForEach(_checkers, checker => checker.Settled());
}
