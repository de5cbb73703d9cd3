using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Jobs.JobFiles;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs;

/// <summary><c>orch submit</c></summary>
internal sealed class SubmitCommand : CliCommand
{
    private readonly Argument<string> _file = new("job.yaml") { Description = "The job file." };

    private readonly Option<string?> _name = new("--name")
    {
        Description = "Name of the job, instead of the file's.",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _environment = new("--env")
    {
        Description = "One more environment variable of every rank; may be given many times, and wins over the file.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _wait = new("--wait")
    {
        Description = "Show each change until the job has ended; exit with 1 unless it succeeded.",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Check the file and say what would happen now; submit nothing.",
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = "Any word: submitting the same name again with the same key gives the first one's job, so that a "
            + "script may repeat itself. Without it each submission is a new job.",
        HelpName = "KEY",
    };

    public SubmitCommand(CommandFrame frame)
        : base(
            "submit", "Submit a job.", frame,
            "submit job.yaml", "submit job.yaml --wait --env STEPS=500", "submit job.yaml --dry-run")
    {
        Add(_file);
        Add(_name);
        Add(_environment);
        Add(_key);
        Add(_wait);
        Add(_dryRun);
        Validators.Add(result =>
        {
            if (result.IsGiven(_wait) && result.IsGiven(_dryRun))
                result.AddError("--wait and --dry-run exclude each other: a dry run submits nothing.");
        });
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var path = Path.Combine(context.Environment.CurrentFolder, context.Parsed.GetRequiredValue(_file));
        var spec = JobFileReader.Read(
            path, new JobOverrides(context.Parsed.GetValue(_name), context.Parsed.GetValue(_environment) ?? []));
        if (context.Parsed.GetValue(_dryRun))
            return await DryRunAsync(context, path, spec, cancellationToken).ConfigureAwait(false);
        // A key of its own, so that the transport may repeat the call without a second job.
        var key = context.Parsed.GetValue(_key) ?? Guid.NewGuid().ToString("N");
        var jobId = await context.Client.SubmitJobAsync(spec, key, cancellationToken).ConfigureAwait(false);
        if (context.Parsed.GetValue(_wait))
        {
            context.Environment.Error.WriteLine($"Submitted {spec.Name} as {jobId}.");
            return await JobWatch.FollowAsync(context, jobId, cancellationToken).ConfigureAwait(false);
        }

        Show(context, spec, jobId);
        return ExitCode.Ok;
    }

    private static async Task<int> DryRunAsync(
        CommandContext context, string path, JobSpec spec, CancellationToken cancellationToken)
    {
        var reply = await context.Client.DryRunJobAsync(spec, cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
            context.Json.Write(reply);
        foreach (var problem in reply.Problems)
            await context.Environment.Error.WriteLineAsync($"{path}: {problem}").ConfigureAwait(false);
        if (reply.Problems.Count > 0)
            return ExitCode.BadUsage;
        if (!context.IsJson)
            SubmitPlanView.Show(reply.Plan, context.Human);
        return ExitCode.Ok;
    }

    private static void Show(CommandContext context, JobSpec spec, string jobId)
    {
        if (context.IsJson)
        {
            context.Json.Write(new SubmitJobReply { JobId = jobId });
            return;
        }

        context.Human.Line($"Submitted {spec.Name} as {jobId}.");
        context.Human.Line($"Follow it with: orch job {jobId} --watch");
    }
}
