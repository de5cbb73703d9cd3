using Microsoft.Extensions.Logging;
using Orchestrator.Gateway.Progress;
using Orleans.Concurrency;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace Orchestrator.Gateway.Cluster;

/// <summary>The ear of each silo for what the others see.</summary>
[Alias("orchestrator.ISiloBus")]
internal interface ISiloBus : IGrainService
{
    /// <summary>Takes news. Nobody waits for it, and nothing depends on it for good: all of it comes again.</summary>
    /// <param name="news">The news.</param>
    /// <returns>A task.</returns>
    [Alias("Hear"), OneWay]
    Task Hear(SiloNews news);
}

/// <inheritdoc cref="ISiloBus"/>
internal sealed class SiloBus(
    GrainId id,
    Silo silo,
    ILoggerFactory loggers,
    ProgressBoard board,
    ChangeFeed feed,
    FleetContact fleet,
    TimeProvider time) : GrainService(id, silo, loggers), ISiloBus
{
    public Task Hear(SiloNews news)
    {
        var now = time.GetUtcNow();
        foreach (var beat in news.Beats)
        {
            board.Report(
                beat.Job, beat.Attempt, beat.Rank, new RankBeat(beat.Step, now - beat.Age, beat.Phase), now);
        }

        fleet.Hear(news.Silo, news.Heard);
        feed.Hear(news.Kinds, news.Events);
        return Task.CompletedTask;
    }
}

/// <summary>Reaches the ear of one silo.</summary>
internal sealed class SiloBusClient(IServiceProvider services) : GrainServiceClient<ISiloBus>(services)
{
    public Task TellAsync(SiloAddress silo, SiloNews news) => GetGrainService(silo).Hear(news);
}
