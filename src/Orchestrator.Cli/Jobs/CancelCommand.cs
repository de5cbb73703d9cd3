using System.CommandLine;
using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Completion;
using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs;

/// <summary><c>orch cancel</c></summary>
internal sealed class CancelCommand : CliCommand
{
    private readonly Argument<string> _job = new("ID") { Description = "The job's id." };

    public CancelCommand(CommandFrame frame)
        : base("cancel", "Stop a job as planned: SIGTERM, the job's grace, SIGKILL.", frame, "cancel train-4x7kq")
    {
        _job.CompletionSources.Add(LiveNames.Of(frame).Jobs);
        Add(_job);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var jobId = context.Parsed.GetRequiredValue(_job);
        var phase = await context.Client.CancelJobAsync(jobId, cancellationToken).ConfigureAwait(false);
        if (context.IsJson)
            context.Json.Write(new CancelJobReply { Phase = phase });
        else
            context.Human.Line($"{jobId} is {Words.Of(phase)}.");
        return ExitCode.Ok;
    }
}
