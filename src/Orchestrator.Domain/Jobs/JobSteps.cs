using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Recovery;

namespace Orchestrator.Domain.Jobs;

/// <summary>The small steps of which the rules of a job are made.</summary>
internal static class JobSteps
{
    /// <summary>
    /// Closed incidents that stay in the job's record; all are kept in records of their own. As many as can close in
    /// one step, for each must be told to its own record before it is dropped from here.
    /// </summary>
    private const int ClosedIncidentsKept = Limits.OpenIncidents;

    public static JobState Move(
        this JobState state, JobTrigger trigger, JobPhase to, Reason reason, DateTimeOffset now)
    {
        Invariant.That(JobLifecycle.Table.Allows(state.Phase, trigger, to));
        var isEnd = to.IsEnded();
        return (state with
        {
            Phase = to,
            Reason = reason,
            EndedAt = isEnd ? now : null,
            Rewind = isEnd ? null : state.Rewind,
        }).Arm(now);
    }

    public static JobState Arm(this JobState state, DateTimeOffset now)
    {
        TimeSpan? lasts = state.Phase switch
        {
            JobPhase.Preparing => Timings.Prepare,
            JobPhase.Launching => Timings.Launch,
            JobPhase.Pausing when state.IsStoppedAsPlanned() => state.Spec!.StopGrace + Timings.Stop,
            JobPhase.Pausing => Timings.Stop,
            JobPhase.BackingOff => BackOff.Wait(state.BarrenAttempts),
            JobPhase.Stopping => state.Spec!.StopGrace + Timings.Stop,
            _ => null,
        };
        return state with { Deadline = now + lasts };
    }

    public static JobState WithMember(this JobState state, GangMember member) => state with
    {
        Gang = [.. state.Gang.Select(other => other.NodeRank == member.NodeRank ? member : other)],
    };

    public static JobState WithIncident(this JobState state, Incident incident)
    {
        var index = state.Incidents.IndexOf(state.Incidents.FirstOrDefault(known => known.Id == incident.Id)!);
        var incidents = index < 0 ? state.Incidents.Add(incident) : state.Incidents.SetItem(index, incident);
        var dropped = incidents.Where(known => !known.IsOpen).SkipLast(ClosedIncidentsKept).ToHashSet();
        return state with { Incidents = incidents.RemoveAll(dropped.Contains) };
    }

    /// <summary>Changes the incident that is being handled, if there is one.</summary>
    public static JobState OnIncident(this JobState state, Func<Incident, Incident> change) =>
        state.OpenIncident is { } incident ? state.WithIncident(change(incident)) : state;

    /// <summary>Changes every incident that is not closed.</summary>
    public static JobState OnOpenIncidents(this JobState state, Func<Incident, Incident> change) =>
        state.Incidents.Where(incident => incident.IsOpen).Aggregate(
            state, (job, incident) => job.WithIncident(change(incident)));

    /// <summary>
    /// The next launch: the attempt rises, and its lineage begins at the newest or the chosen checkpoint.
    /// </summary>
    public static JobState BeginAttempt(this JobState state)
    {
        var resume = JobRewind.Next(state);
        return JobRewind.Fulfil(state, resume) with
        {
            Attempt = state.Attempt + 1,
            PrepareRound = 1,
            Port = 0,
            ResumeFrom = resume,
            Checkpoints = state.Checkpoints.Resume(resume),
            Gang =
            [
                .. state.Gang.Select(member => member with
                {
                    Replacement = Replacement.None,
                    Overdue = null,
                    Fault = null,
                    RelocationWait = null,
                }),
            ],
        };
    }

    /// <summary>The job has ended: every lease goes back.</summary>
    public static JobState GiveBackAll(this JobState state) => state.GiveBackSuccessors().GiveBack(_ => true);

    /// <summary>
    /// Nodes that cannot serve go back at once: the job may wait for one of them to return to service.
    /// </summary>
    public static JobState GiveBackUnfit(this JobState state) => state.GiveBack(member => member.IsUnfit);

    private static JobState GiveBack(this JobState state, Func<GangMember, bool> isChosen)
    {
        var chosen = state.Gang.Where(member => !member.IsGivenBack && isChosen(member)).ToHashSet();
        return chosen.Count == 0
            ? state
            : state with
            {
                ToRelease = [.. state.ToRelease, .. chosen.Select(member => member.Held)],
                Gang =
                [
                    .. state.Gang.Select(member =>
                        chosen.Contains(member) ? member with { IsGivenBack = true } : member),
                ],
            };
    }
}
