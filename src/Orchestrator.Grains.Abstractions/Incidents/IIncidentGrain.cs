using Orchestrator.Domain.Incidents;
using Orleans.Concurrency;

namespace Orchestrator.Grains.Incidents;

/// <summary>
/// The kept story of one incident. Its job writes it; it is never changed after it closed. Keyed by its id.
/// </summary>
[Alias("orchestrator.IIncidentGrain")]
public interface IIncidentGrain : IGrainWithStringKey
{
    /// <summary>Stores the incident as it stands.</summary>
    /// <param name="incident">The incident.</param>
    /// <returns>When it is stored.</returns>
    [Alias("Keep")]
    Task Keep(Incident incident);

    /// <summary>The incident.</summary>
    /// <returns>Null when there is none of this id.</returns>
    [Alias("Get"), ReadOnly]
    Task<Incident?> Get();
}

/// <summary>The stored record of an incident.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.IncidentRecord")]
public sealed record IncidentRecord
{
    /// <summary>The incident; null before it was first stored.</summary>
    [Id(0)] public Incident? Incident { get; init; }
}
