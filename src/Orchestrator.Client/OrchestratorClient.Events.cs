using Orchestrator.Protocol.V1;

namespace Orchestrator.Client;

public sealed partial class OrchestratorClient
{
    /// <summary>
    /// What happened, oldest first: the recent history, and then, when asked to follow, each event as it happens.
    /// </summary>
    /// <param name="request">Of which job or node, and whether to follow; without anything the whole history.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <exception cref="OrchestratorException">The control plane cannot be reached, or goes away.</exception>
    public IAsyncEnumerable<Event> WatchEventsAsync(
        WatchEventsRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StreamAsync(o => _control.WatchEvents(request, o), cancellationToken);
    }
}
