using System.CommandLine;
using Orchestrator.Cli.CommandLine;

namespace Orchestrator.Cli.Jobs;

/// <summary><c>orch job</c></summary>
internal sealed class JobCommand : CliCommand
{
    private readonly Argument<string> _job = new("ID") { Description = "The job's id." };

    private readonly Option<bool> _watch = new("--watch")
    {
        Description = "Show each change until the job has ended; exit with 1 unless it succeeded.",
    };

    public JobCommand(CommandFrame frame) : base("job", "Show one job: where it stands, and why.", frame)
    {
        Add(_job);
        Add(_watch);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var jobId = context.Parsed.GetRequiredValue(_job);
        // Asked for the watch, too: a watch is patient, while a wrong address shall fail at once.
        var job = await context.Client.GetJobAsync(jobId, cancellationToken).ConfigureAwait(false);
        if (context.Parsed.GetValue(_watch))
            return await JobWatch.FollowAsync(context, jobId, cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
            context.Json.Write(job);
        else
            JobView.Show(job, context.Human);
        return ExitCode.Ok;
    }
}
