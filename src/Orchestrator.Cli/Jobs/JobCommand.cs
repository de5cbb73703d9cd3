using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Completion;

namespace Orchestrator.Cli.Jobs;

/// <summary><c>orch job</c></summary>
internal sealed class JobCommand : CliCommand
{
    private readonly Argument<string> _job = new("ID") { Description = "The job's id." };

    private readonly Option<bool> _once = new("--once")
    {
        Description = "Show it once. Default where standard output is no terminal, or the job has ended.",
    };

    private readonly Option<bool> _watch = new("--watch")
    {
        Description = "Write a line for each change until the job has ended; exit with 1 unless it succeeded.",
    };

    public JobCommand(CommandFrame frame)
        : base(
            "job", "Show one job: where it stands, why, and what is next; on a terminal live, until Ctrl-C.", frame,
            "job train-4x7kq", "job train-4x7kq --once", "job train-4x7kq --watch -o json")
    {
        _job.CompletionSources.Add(LiveNames.Of(frame).Jobs);
        Add(_job);
        Add(_once);
        Add(_watch);
        Validators.Add(result =>
        {
            if (result.IsGiven(_once) && result.IsGiven(_watch))
                result.AddError("--once and --watch exclude each other.");
        });
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var jobId = context.Parsed.GetRequiredValue(_job);
        // Asked for the watch, too: a watch is patient, while a wrong address shall fail at once.
        var job = await context.Client.GetJobAsync(jobId, cancellationToken).ConfigureAwait(false);
        if (context.Parsed.GetValue(_watch))
            return await JobWatch.FollowAsync(context, jobId, cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
        {
            context.Json.Write(job);
            return ExitCode.Ok;
        }

        if (context.Environment.IsTerminal && !context.Parsed.GetValue(_once))
            return await JobLive.ShowAsync(context, job, cancellationToken).ConfigureAwait(false);
        var incident = await JobLive.IncidentOfAsync(context, job, null, cancellationToken).ConfigureAwait(false);
        JobView.Show(job, incident, context.Human);
        return ExitCode.Ok;
    }
}
