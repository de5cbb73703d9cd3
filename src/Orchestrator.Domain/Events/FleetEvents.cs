using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;

namespace Orchestrator.Domain.Events;

/// <summary>Reads events out of what changed between two records of one thing.</summary>
public static class FleetEvents
{
    /// <summary>The steps that a node took.</summary>
    /// <param name="before">The record before.</param>
    /// <param name="after">The record after.</param>
    /// <returns>In order of time.</returns>
    public static IEnumerable<FleetEvent> Between(NodeState before, NodeState after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var job = (after.Lease ?? before.Lease)?.Job ?? "";
        return after.History.Except(before.History).Select(step => Step(after.Name, step, job));
    }

    /// <summary>What a job did: its submission, its phases and its attempts.</summary>
    /// <param name="before">The record before.</param>
    /// <param name="after">The record after.</param>
    /// <param name="now">Now; records of jobs keep no times of their phases.</param>
    /// <returns>One event at most.</returns>
    public static IEnumerable<FleetEvent> Between(JobState before, JobState after, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var isSubmission = before.Spec is null && after.Spec is not null;
        if (isSubmission)
        {
            yield return Of(after, after.SubmittedAt, JobPhase.Queued, after.Reason);
        }
        else if (before.Phase != after.Phase || before.Attempt != after.Attempt)
        {
            yield return Of(after, after.EndedAt ?? now, after.Phase, after.Reason) with { From = $"{before.Phase}" };
        }
    }

    /// <summary>The new moments of an incident.</summary>
    /// <param name="before">The incident before; null when it is new.</param>
    /// <param name="after">The incident after.</param>
    /// <returns>In order of time.</returns>
    public static IEnumerable<FleetEvent> Between(Incident? before, Incident after)
    {
        ArgumentNullException.ThrowIfNull(after);
        return after.Timeline.Except(before?.Timeline ?? []).Select(moment => new FleetEvent
        {
            At = moment.At,
            Kind = EventKind.Incident,
            Subject = after.Id,
            To = moment.Event,
            Reason = new Reason(after.Cause.Code, moment.Detail),
            Job = after.Job,
            // A cause may name several nodes at once.
            Nodes = [.. (after.Node ?? "").Split(", ", StringSplitOptions.RemoveEmptyEntries), .. after.Replacements],
            Incident = after.Id,
        });
    }

    /// <summary>What the stored records still tell, without order.</summary>
    /// <param name="nodes">Records of nodes: each keeps its newest steps.</param>
    /// <param name="jobs">Records of jobs: each keeps its submission and its end.</param>
    /// <param name="incidents">Every incident.</param>
    /// <returns>The events.</returns>
    public static IEnumerable<FleetEvent> Recorded(
        IEnumerable<NodeState> nodes, IEnumerable<JobState> jobs, IReadOnlyCollection<Incident> incidents)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(jobs);
        ArgumentNullException.ThrowIfNull(incidents);
        var jobOf = incidents.ToDictionary(incident => incident.Id, incident => incident.Job);
        return
        [
            .. nodes.SelectMany(node => node.History.Select(step =>
                Step(node.Name, step, jobOf.GetValueOrDefault(step.Incident ?? "", "")))),
            .. jobs.Where(job => job.Spec is not null).SelectMany(Milestones),
            .. incidents.SelectMany(incident => Between(null, incident)),
        ];
    }

    private static IEnumerable<FleetEvent> Milestones(JobState job)
    {
        yield return Of(job, job.SubmittedAt, JobPhase.Queued, new Reason("queued", "Submitted."));
        if (job.EndedAt is { } endedAt)
        {
            yield return Of(job, endedAt, job.Phase, job.Reason);
        }
    }

    private static FleetEvent Step(string node, NodeTransition step, string job) => new()
    {
        At = step.At,
        Kind = EventKind.Node,
        Subject = node,
        From = $"{step.From}",
        To = $"{step.To}",
        Reason = step.Reason,
        Job = job,
        Nodes = [node],
        Incident = step.Incident ?? "",
    };

    private static FleetEvent Of(JobState job, DateTimeOffset at, JobPhase phase, Reason reason) => new()
    {
        At = at,
        Kind = EventKind.Job,
        Subject = job.Id,
        To = $"{phase}",
        Reason = reason,
        Job = job.Id,
        Nodes = [.. job.Gang.Select(member => member.Node)],
        Incident = job.OpenIncident?.Id ?? "",
    };
}
