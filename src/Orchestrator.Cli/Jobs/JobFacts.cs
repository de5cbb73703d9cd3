using Orchestrator.Cli.Incidents;
using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Jobs;

/// <summary>What there is to say about one job, in the order in which a person asks.</summary>
internal static class JobFacts
{
    /// <summary>Older checkpoints interest programs only; they are all in <c>-o json</c>.</summary>
    private const int MaximumCheckpointsShown = 5;

    /// <summary>Facts by name; one without a value is not to be shown.</summary>
    /// <param name="job">The job.</param>
    /// <param name="incident">Its last incident; null when there was none, or it is not known.</param>
    public static (string Name, string Value)[] Of(Job job, Incident? incident) =>
    [
        ("Job", job.Id),
        ("Name", job.Spec?.Name ?? ""),
        ("Phase", Words.Of(job.Phase)),
        ("Why", Words.WithCode(job.Reason)),
        ("Next", Words.Of(job.NextAction)),
        ("Attempt", job.Attempt > 0 ? Words.Number(job.Attempt) : "not launched yet"),
        ("Step", job.Step > 0 ? Words.Number(job.Step) : "none reported"),
        ("Rate", Words.Rate(job.StepsPerSecond)),
        ("Resumed from", job.ResumedFromStep > 0 ? $"step {Words.Number(job.ResumedFromStep)}" : ""),
        ("Nodes", Nodes(job)),
        ("Checkpoints", Checkpoints(job)),
        ("Save interval", JobSaving.Of(job)),
        ("Last incident", incident is null ? job.LastIncidentId : IncidentView.Summary(incident)),
        ("Action", Action(job, incident)),
        ("Durations", incident is null ? "" : IncidentView.Durations(incident.Durations)),
        ("Goodput", JobGoodput.Of(job)),
        ("Submitted", Words.Of(job.SubmittedAt)),
        ("Ended", Words.Of(job.EndedAt)),
    ];

    /// <summary>What was done about the incident; of a job that ended by it, that is why it ended.</summary>
    private static string Action(Job job, Incident? incident)
    {
        var action = Words.Of(incident?.Action);
        return action == Words.Of(job.Reason) ? "" : action;
    }

    private static string Nodes(Job job)
    {
        var names = job.Nodes.OrderBy(node => node.NodeRank).Select(node => node.Node).ToList();
        var wanted = job.Spec?.Nodes ?? 0;
        return names.Count == 0 ? $"none of {wanted} yet" : string.Join(", ", names);
    }

    private static string Checkpoints(Job job)
    {
        if (job.Checkpoints.Count == 0)
            return string.IsNullOrEmpty(job.Spec?.Checkpoint?.Store) ? "the job keeps none" : "none verified yet";
        var shown = job.Checkpoints
            .Take(MaximumCheckpointsShown)
            .Select(checkpoint => $"step {Words.Number(checkpoint.Step)} (attempt {checkpoint.Attempt})");
        var more = job.Checkpoints.Count - MaximumCheckpointsShown;
        return string.Join(", ", shown) + (more > 0 ? $", and {more} older" : "");
    }
}
