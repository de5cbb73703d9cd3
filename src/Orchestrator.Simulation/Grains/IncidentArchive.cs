using Orchestrator.Domain.Incidents;
using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Grains;

/// <summary>The incidents' grains: each keeps the newest that its job told, until it is closed.</summary>
internal sealed class IncidentArchive(VirtualWorld world)
{
    private readonly Dictionary<string, Incident> _kept = [];

    public IEnumerable<Incident> All => _kept.Values;

    public void Keep(Incident incident)
    {
        if (world.Armed.Strikes(FaultKind.FailCall))
        {
            throw new CallFailedException(incident.Id, "the request got lost");
        }

        if (!_kept.TryGetValue(incident.Id, out var known) || known.IsOpen)
        {
            _kept[incident.Id] = incident;
            world.Watch.IncidentKept(incident);
        }
    }
}
