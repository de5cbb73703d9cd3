using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Storage;
using Orchestrator.Grains.Silo;

namespace Orchestrator.Grains.Incidents;

/// <summary>Keeps the story of one incident, which its job tells.</summary>
[GrainType("incident")]
internal sealed class IncidentGrain(
    [PersistentState(RecordKinds.Incident, RecordKinds.Provider)] IPersistentState<IncidentRecord> record,
    IChangeFeed feed)
    : RecordGrain<IncidentRecord>(record, RecordKinds.Incident, feed), IIncidentGrain
{
    public Task Keep(Incident incident) => State.Incident is { IsOpen: false }
        ? Task.CompletedTask
        : CommitAsync(new IncidentRecord { Incident = incident });

    public Task<Incident?> Get() => Task.FromResult(State.Incident);
}
