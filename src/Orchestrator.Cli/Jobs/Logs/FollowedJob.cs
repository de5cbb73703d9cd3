using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs.Logs;

/// <summary>The newest known state of a job whose logs are followed, for those who read them.</summary>
internal sealed class FollowedJob(Job first)
{
    private volatile Job _newest = first;
    private volatile TaskCompletionSource _change = NewChange();

    /// <summary>Completes when the job is seen again.</summary>
    public Task Change => _change.Task;

    public void See(Job job)
    {
        _newest = job;
        var change = _change;
        _change = NewChange();
        change.TrySetResult();
    }

    /// <summary>Nothing more will be written there.</summary>
    public bool IsOver(RankPlace place)
    {
        var job = _newest;
        return job.Attempt > place.Attempt
            || JobWords.HasEnded(job.Phase)
            || job.Ranks.FirstOrDefault(rank => rank.Rank_ == place.Rank) is { State: "exited" or "lost" };
    }

    /// <summary>The job's ranks may have begun to write in its newest attempt.</summary>
    public static bool HasLaunched(Job job) =>
        job.Ranks.Count > 0 && job.Phase is not (JobPhase.Queued or JobPhase.Preparing or JobPhase.Replacing);

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
