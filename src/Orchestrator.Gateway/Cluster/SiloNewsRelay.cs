using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Gateway.Agents;

namespace Orchestrator.Gateway.Cluster;

/// <summary>
/// Tells the other silos what this one sees, a few times a second, so that each of them can answer for the whole
/// cluster: a job's grain finds the steps of ranks whose agents have their streams elsewhere, and a watcher misses no
/// change.
/// </summary>
internal sealed partial class SiloNewsRelay(
    SiloNewsOutbox outbox,
    SiloBusClient bus,
    ISiloStatusOracle silos,
    ConnectionTable connections,
    FleetContact fleet,
    TimeProvider time,
    ILogger<SiloNewsRelay> logger) : BackgroundService
{
    /// <summary>Well below the second in which heartbeats come, and far above the cost of a batch.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            fleet.Look();
            var news = outbox.Take(silos.SiloAddress, connections.Heard);
            foreach (var silo in silos.GetActiveSilos().Where(silo => !silo.Equals(silos.SiloAddress)))
            {
                await TellAsync(silo, news);
            }
        }
    }

    private async Task TellAsync(SiloAddress silo, SiloNews news)
    {
        try
        {
            await bus.TellAsync(silo, news);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogUntold(logger, silo, error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Silo} could not be told the news: {Error}")]
    private static partial void LogUntold(ILogger logger, SiloAddress silo, string error);
}
