using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Incidents;

/// <summary>What follows from an incident's facts.</summary>
internal static class IncidentWords
{
    public static bool IsClosed(Incident incident) =>
        incident.Phase is IncidentPhase.Resolved or IncidentPhase.Unconfirmed or IncidentPhase.Abandoned;

    /// <summary>Steps that were done and have to be done again.</summary>
    public static ulong LostSteps(Incident incident) =>
        incident.ReachedStep > incident.ResumedFromStep ? incident.ReachedStep - incident.ResumedFromStep : 0;
}
