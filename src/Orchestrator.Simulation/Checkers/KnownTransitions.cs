using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Coverage;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>Every change of a state is a row of its life cycle, and one that the call may take.</summary>
internal sealed class KnownTransitions(VirtualWorld world) : Checker(world)
{
    private readonly List<(NodePhase, NodeTrigger, NodePhase)> _nodeRows = [];
    private readonly List<(JobPhase, JobTrigger, JobPhase)> _jobRows = [];
    private readonly List<(IncidentPhase, IncidentTrigger, IncidentPhase)> _incidentRows = [];

    public override void NodeStored(in NodeChange change)
    {
        _nodeRows.Clear();
        if (!NodeStepReader.Read(change, _nodeRows))
        {
            Fail($"{change.Name}: {change.Call} led from {change.Before.Phase} to {change.After.Phase}.");
        }

        _nodeRows.ForEach(taken => World.Coverage.NodeRows.Add(taken));
        if (LeaseStepReader.Read(change) is { } row)
        {
            World.Coverage.LeaseRows.Add(row);
            if (!LeaseLifecycle.Table.Allows(row.From, row.Trigger, row.To))
            {
                Fail($"{change.Name}: lease {change.After.LeaseNumber} went from {row.From} to {row.To}.");
            }
        }
    }

    public override void JobStored(in JobChange change)
    {
        _jobRows.Clear();
        if (!JobStepReader.Read(change, _jobRows))
        {
            Fail($"{change.Id}: {change.Call} led from {change.Before.Phase} to {change.After.Phase}.");
        }

        _jobRows.ForEach(taken => World.Coverage.JobRows.Add(taken));
        if (change.Before.Incidents == change.After.Incidents)
        {
            return;
        }

        _incidentRows.Clear();
        if (!IncidentStepReader.Read(change, _incidentRows))
        {
            Fail($"{change.Id}: one of its incidents took a step that is in no row.");
        }

        _incidentRows.ForEach(taken => World.Coverage.IncidentRows.Add(taken));
    }
}
