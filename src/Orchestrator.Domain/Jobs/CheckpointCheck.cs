namespace Orchestrator.Domain.Jobs;

/// <summary>Checks how a job keeps checkpoints.</summary>
internal static class CheckpointCheck
{
    private const string CheckpointPlaceholder = "{checkpoint}";

    /// <summary>Every problem, each with its key and what is allowed.</summary>
    public static IEnumerable<string> Problems(JobSpec spec)
    {
        var store = spec.CheckpointStore;
        var isBucket = JobSpecCheck.IsBucket(store);
        if (store.Length > 0 && !isBucket && !JobSpecCheck.IsAbsolute(store))
        {
            yield return "checkpoint.store: must be an absolute path that every host sees, or s3://BUCKET/PREFIX.";
        }

        if (isBucket && !spec.KeepsInMemory)
        {
            yield return "checkpoint.memory: must be true where the store is a bucket: ranks cannot write into it.";
        }

        if (spec.KeepsInMemory && store.Length == 0)
        {
            yield return "checkpoint.store: is missing; what is in memory goes to a store in the background.";
        }

        if (spec.KeepCheckpoints <= 0)
        {
            yield return "checkpoint.keep: must be at least 1.";
        }

        if (spec.KeepEvery < 0)
        {
            yield return "checkpoint.keepEvery: must be a number of steps.";
        }

        if (spec.HasAutoInterval && store.Length == 0)
        {
            yield return "checkpoint.every: auto needs checkpoint.store, where checkpoints are kept.";
        }

        if (spec.HasAutoInterval && spec.Progress.IsBareCount())
        {
            yield return "checkpoint.every: auto needs to know the step; give progress.pattern a group named step.";
        }

        foreach (var problem in WatchCheck.Problems(spec).Concat(ResumeProblems(spec)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> ResumeProblems(JobSpec spec)
    {
        if (spec.ResumeCommand.IsDefaultOrEmpty)
        {
            yield break;
        }

        if (spec.ResumeCommand[0].Length == 0)
        {
            yield return "resumeCommand: must name a program.";
        }

        if (spec.CheckpointStore.Length == 0)
        {
            yield return "resumeCommand: needs checkpoint.store; without checkpoints every attempt runs command.";
        }

        if (spec.Watch.Length == 0 && spec.ResumeCommand.Any(
            word => word.Contains(CheckpointPlaceholder, StringComparison.Ordinal)))
        {
            yield return $"resumeCommand: {CheckpointPlaceholder} stands for the file of checkpoint.watch, which is "
                + "missing.";
        }
    }
}
