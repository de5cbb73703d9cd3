using Orchestrator.Cli.CommandLine;
using Orchestrator.Cli.Incidents;
using Orchestrator.Client;
using Orchestrator.Protocol.V1;
using Spectre.Console;

namespace Orchestrator.Cli.Jobs;

/// <summary>A job on a terminal, drawn anew in place with each change until it has ended.</summary>
internal static class JobLive
{
    public static async Task<int> ShowAsync(CommandContext context, Job first, CancellationToken cancellationToken)
    {
        var incident = await IncidentOfAsync(context, first, null, cancellationToken).ConfigureAwait(false);
        if (JobWords.HasEnded(first.Phase))
        {
            JobView.Show(first, incident, context.Human);
            return ExitCode.Ok;
        }

        var console = context.Human.Console;
        var last = first;
        await console.Live(JobPicture.Draw(first, incident, console.Profile.Height)).StartAsync(async live =>
        {
            var changes = Reconnection.WatchAsync(
                token => context.Client.WatchJobAsync(first.Id, token), context, cancellationToken);
            await foreach (var job in changes.ConfigureAwait(false))
            {
                last = job;
                incident = await IncidentOfAsync(context, job, incident, cancellationToken).ConfigureAwait(false);
                live.UpdateTarget(JobPicture.Draw(job, incident, console.Profile.Height));
                if (JobWords.HasEnded(job.Phase))
                    break;
            }
        }).ConfigureAwait(false);
        context.Human.Line($"{last.Id} has ended: {Output.Words.Of(last.Phase)}.");
        return ExitCode.Ok;
    }

    /// <summary>The last incident of a job; what is closed and known is not asked for again.</summary>
    public static async Task<Incident?> IncidentOfAsync(
        CommandContext context, Job job, Incident? known, CancellationToken cancellationToken)
    {
        if (job.LastIncidentId.Length == 0)
            return null;
        if (known is not null && known.Id == job.LastIncidentId && IncidentWords.IsClosed(known))
            return known;
        try
        {
            return await context.Client.GetIncidentAsync(job.LastIncidentId, cancellationToken).ConfigureAwait(false);
        }
        catch (OrchestratorException failure) when (failure.Kind
            is OrchestratorErrorKind.NotFound or OrchestratorErrorKind.Unreachable)
        {
            // A job tells of an incident a moment before its record is stored, and a lost control plane is the
            // watch's matter; the id alone is shown until then.
            return null;
        }
    }
}
