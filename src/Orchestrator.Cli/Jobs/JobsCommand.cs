using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs;

/// <summary><c>orch jobs</c></summary>
internal sealed class JobsCommand(CommandFrame frame)
    : CliCommand("jobs", "List all jobs, newest first.", frame, "jobs", "jobs -o json")
{
    private static readonly string[] Columns =
        ["JOB", "NAME", "PHASE", "STEP", "RATE", "ATTEMPT", "NODES", "SUBMITTED", "WHY"];

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var jobs = await context.Client.ListJobsAsync(cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
        {
            context.Json.WriteArray(jobs);
            return ExitCode.Ok;
        }

        context.Human.Table(Columns, jobs.Select(Row).ToList(), "No job was submitted yet: orch submit job.yaml");
        return ExitCode.Ok;
    }

    private static string[] Row(Job job) =>
    [
        job.Id,
        job.Spec?.Name ?? "",
        Words.Of(job.Phase),
        job.Step > 0 ? Words.Number(job.Step) : "",
        Words.Rate(job.StepsPerSecond),
        Words.Number(job.Attempt),
        Words.Number(job.Spec?.Nodes ?? 0),
        Words.Of(job.SubmittedAt),
        Words.Of(job.Reason),
    ];
}
