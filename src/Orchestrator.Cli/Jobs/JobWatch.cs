using Orchestrator.Cli.CommandLine;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs;

/// <summary>Follows a job to its end.</summary>
internal static class JobWatch
{
    /// <summary>Shows the job now and after each change, and returns the exit code of how it ended.</summary>
    public static async Task<int> FollowAsync(
        CommandContext context, string jobId, CancellationToken cancellationToken)
    {
        var standing = "";
        var changes = Reconnection.WatchAsync(
            token => context.Client.WatchJobAsync(jobId, token), context, cancellationToken);
        await foreach (var job in changes.ConfigureAwait(false))
        {
            if (context.IsJson)
            {
                context.Json.Write(job);
            }
            else if (JobWords.Standing(job) is var now && now != standing)
            {
                standing = now;
                context.Human.Line(WithStep(job, now));
            }

            if (JobWords.HasEnded(job.Phase))
                return JobWords.ExitCodeOf(job.Phase);
        }

        throw new InvalidOperationException("A watch goes on until its consumer has seen enough.");
    }

    private static string WithStep(Job job, string standing) =>
        job.Step > 0 ? $"{standing}  (step {job.Step})" : standing;
}
