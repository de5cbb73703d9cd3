using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs;

/// <summary>A job's state in words, and how it ended as an exit code.</summary>
internal static class JobWords
{
    public static bool HasEnded(JobPhase phase) =>
        phase is JobPhase.Succeeded or JobPhase.Failed or JobPhase.Cancelled;

    public static int ExitCodeOf(JobPhase phase) =>
        phase == JobPhase.Succeeded ? ExitCode.Ok : ExitCode.JobEndedBadly;

    /// <summary>One line on where a job stands; without the step, which changes all the time.</summary>
    public static string Standing(Job job)
    {
        var reason = Words.Of(job.Reason);
        var attempt = job.Attempt > 0 ? $", attempt {job.Attempt}" : "";
        return $"{job.Id}  {Words.Of(job.Phase)}{attempt}{(reason.Length > 0 ? $": {reason}" : "")}";
    }
}
