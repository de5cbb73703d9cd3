using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Storage;
using Orchestrator.Grains.Incidents;
using Orchestrator.Grains.Jobs;
using Orchestrator.Grains.Nodes;

namespace Orchestrator.Hosting;

/// <summary>
/// Wakes what has work to do, at the start and every few seconds: a grain without traffic is not running, so the
/// absence of an agent, or a job that waits, must be noticed by something that runs without traffic.
/// </summary>
/// <remarks>Each silo of a cluster wakes its share, and all of it again as soon as another silo is gone.</remarks>
internal sealed partial class RecordWaker(
    IGrainFactory grains, IReadModel readModel, SiloShare share, TimeProvider time, ILogger<RecordWaker> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var changed = share.NextChange;
            await SafelyAsync(() => WakeNodesAsync(stoppingToken));
            await SafelyAsync(() => WakeJobsAsync(stoppingToken));
            await Task.WhenAny(changed, Task.Delay(Period, time, stoppingToken));
        }
    }

    private async Task WakeNodesAsync(CancellationToken cancellationToken)
    {
        var nodes = await readModel.ListAsync<NodeState>(RecordKinds.Node, cancellationToken);
        await Task.WhenAll(nodes
            .Where(node => node.Phase != NodePhase.Retired && share.Has(node.Name))
            .Select(node => SafelyAsync(() => grains.GetGrain<INodeGrain>(node.Name).Wake())));
    }

    private async Task WakeJobsAsync(CancellationToken cancellationToken)
    {
        var jobs = await readModel.ListAsync<JobState>(RecordKinds.Job, cancellationToken);
        var incidents = await readModel.ListAsync<IncidentRecord>(RecordKinds.Incident, cancellationToken);
        // A job that ended just before its silo did may not have told its incidents of it.
        var telling = incidents.Select(record => record.Incident).OfType<Incident>()
            .Where(incident => incident.IsOpen).Select(incident => incident.Job);
        await Task.WhenAll(jobs.Where(job => job.Spec is not null && (!job.Phase.IsEnded() || !job.ToRelease.IsEmpty))
            .Select(job => job.Id).Union(telling).Where(share.Has)
            .Select(job => SafelyAsync(() => grains.GetGrain<IJobGrain>(job).Wake())));
    }

    /// <summary>
    /// The next round tries again; what cannot be woken must be said, and must not keep others asleep.
    /// </summary>
    private async Task SafelyAsync(Func<Task> wake)
    {
        try
        {
            await wake();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogFailed(logger, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Waking nodes and jobs failed; trying again.")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
