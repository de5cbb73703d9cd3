using Orchestrator.Domain;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>Every incident closes, in its job's record and in its own, and what is closed does not change.</summary>
internal sealed class ClosedIncidents(VirtualWorld world) : Checker(world)
{
    public override void JobStored(in JobChange change)
    {
        var after = change.After;
        if (after.Incidents == change.Before.Incidents && after.Phase == change.Before.Phase)
        {
            return;
        }

        var open = 0;
        foreach (var incident in after.Incidents)
        {
            open += incident.IsOpen ? 1 : 0;
            var known = change.Before.Incidents.FirstOrDefault(other => other.Id == incident.Id);
            if (known is { IsOpen: false } && !ReferenceEquals(known, incident) && known != incident)
            {
                Fail($"{incident.Id} was closed and changed.");
            }
        }

        if (open > Limits.OpenIncidents || (open > 0 && after.Phase.IsEnded()))
        {
            Fail($"{change.Id} is {after.Phase} with {open} open incidents.");
        }
    }

    public override void Settled()
    {
        foreach (Incident incident in World.Incidents.All)
        {
            if (incident.IsOpen)
            {
                Fail($"{incident.Id} is {incident.Phase} for ever: {incident.Cause.Sentence}");
            }
        }
    }
}
