namespace Orchestrator.Agent.Commands;

/// <summary>The waits between the tries of one work: each twice as long as the one before, up to a limit.</summary>
internal sealed class Backoff(TimeProvider time)
{
    private TimeSpan _next = AgentLimits.ShortestRetry;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_next, time, cancellationToken);
        _next = _next * 2 < AgentLimits.LongestRetry ? _next * 2 : AgentLimits.LongestRetry;
    }
}
