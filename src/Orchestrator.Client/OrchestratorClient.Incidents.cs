using Orchestrator.Protocol.V1;

namespace Orchestrator.Client;

public sealed partial class OrchestratorClient
{
    /// <summary>Incidents, newest first.</summary>
    /// <param name="jobId">Only of this job; null: of all jobs.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="OrchestratorException">The call failed.</exception>
    public async Task<IReadOnlyList<Incident>> ListIncidentsAsync(
        string? jobId = null, CancellationToken cancellationToken = default)
    {
        var request = new ListIncidentsRequest { JobId = jobId ?? "" };
        var reply = await CallAsync(o => _control.ListIncidentsAsync(request, o), cancellationToken)
            .ConfigureAwait(false);
        return reply.Incidents;
    }

    /// <summary>One incident with its timeline, evidence and durations.</summary>
    /// <exception cref="OrchestratorException">Also when there is no such incident.</exception>
    public Task<Incident> GetIncidentAsync(string incidentId, CancellationToken cancellationToken = default)
    {
        var request = new GetIncidentRequest { IncidentId = incidentId };
        return CallAsync(o => _control.GetIncidentAsync(request, o), cancellationToken);
    }

    /// <summary>
    /// Each incident as it stands, and again after each change. Ends only by cancellation or failure.
    /// </summary>
    /// <param name="jobId">Only of this job; null: of all jobs.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="OrchestratorException">The control plane cannot be reached, or goes away.</exception>
    public IAsyncEnumerable<Incident> WatchIncidentsAsync(
        string? jobId = null, CancellationToken cancellationToken = default)
    {
        var request = new ListIncidentsRequest { JobId = jobId ?? "" };
        return StreamAsync(o => _control.WatchIncidents(request, o), cancellationToken);
    }
}
