using System.Collections.Concurrent;
using Orchestrator.Agent.Jobs;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>
/// Deletes from memory what belongs to jobs that left this host. Not at once: a job that goes on elsewhere may have its
/// nearest copy here.
/// </summary>
internal sealed class ReleasedShards(
    ShardShelf shelf, ShardBuffers buffers, ShardFill fills, ShardUpload uploads, JobTable jobs,
    TimeProvider time, ILogger<ReleasedShards> log) : BackgroundService
{
    /// <summary>
    /// Longer than a gang takes from the loss of a host to its next launch, also where it waits for nodes.
    /// </summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, long> _released = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Sweep();
    }

    /// <summary>Deletes what was released long enough ago.</summary>
    internal void Sweep()
    {
        foreach (var jobId in shelf.All.Select(shard => shard.JobId).Concat(buffers.Jobs).Distinct().ToArray())
        {
            Trim(jobId);
            var job = jobs.Get(jobId);
            if (job.ReleasedAttempt < job.LaunchedAttempt)
                _released.TryRemove(jobId, out _);
            else if (time.GetElapsedTime(_released.GetOrAdd(jobId, _ => time.GetTimestamp())) >= KeptFor)
                Delete(jobId);
        }
    }

    private void Trim(string jobId)
    {
        try
        {
            buffers.Trim(jobId);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("Buffers of {Job} are still there: {Reason}", jobId, exception.Message);
        }
    }

    private void Delete(string jobId)
    {
        try
        {
            uploads.WantNone(jobId);
            fills.Forget(jobId);
            shelf.DeleteAll(jobId);
            _released.TryRemove(jobId, out _);
            log.LogInformation("Deleted the checkpoints of {Job} from memory", jobId);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("The checkpoints of {Job} are still in memory: {Reason}", jobId, exception.Message);
        }
    }
}
