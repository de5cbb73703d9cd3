using System.Collections.Immutable;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Leases;

namespace Orchestrator.Domain.Jobs;

/// <summary>The rules of how a job gets its nodes.</summary>
public static class JobPlacement
{
    /// <summary>How many nodes the job needs now.</summary>
    /// <param name="state">The record.</param>
    /// <returns>0 when it asks for none.</returns>
    public static int Needed(JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Phase switch
        {
            JobPhase.Queued => state.Spec?.Nodes ?? 0,
            JobPhase.Replacing => state.Gang.Count(member => member.Replacement != Replacement.None),
            JobPhase.Running => JobRelocation.Wanted(state).Length,
            _ => 0,
        };
    }

    /// <summary>The pool leased the nodes to it.</summary>
    /// <param name="state">The record.</param>
    /// <param name="grants">As many as it needed.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record with the next attempt begun; unneeded grants go back.</returns>
    public static JobState Granted(JobState state, ImmutableArray<LeaseGrant> grants, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (grants.Length != Needed(state) || grants.IsEmpty)
        {
            var unknown = grants.Select(grant => new HeldLease(grant.Node, grant.Number))
                .Where(lease => state.Gang.All(member => member.Held != lease && member.SuccessorLease != lease));
            return state with { ToRelease = [.. state.ToRelease, .. unknown] };
        }

        if (state.Phase == JobPhase.Running)
        {
            return JobRelocation.Begin(state, grants, now);
        }

        var filled = state.Phase == JobPhase.Queued
            ? state with { Gang = [.. grants.Select((grant, position) => Member(grant, position))] }
            : Replace(state, [.. state.Gang.Where(member => member.Replacement != Replacement.None)], grants, now);
        return filled.BeginAttempt().Move(
            JobTrigger.NodesGranted,
            JobPhase.Preparing,
            new Reason("preparing", "Rank 0's host probes a port and verifies the checkpoint."),
            now);
    }

    /// <summary>The pool has not enough nodes.</summary>
    /// <param name="state">The record.</param>
    /// <param name="reason">What it waits for.</param>
    /// <param name="now">Now.</param>
    /// <returns>The record with the reason; the same reference when it is known.</returns>
    public static JobState Waiting(JobState state, Reason reason, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (Needed(state) == 0)
        {
            return state;
        }

        if (state.Phase == JobPhase.Running)
        {
            return JobRelocation.Wait(state, reason);
        }

        var isOptional = state.Phase == JobPhase.Replacing
            && state.Gang.All(member => member.Replacement != Replacement.Required);
        if (isOptional)
        {
            return state.BeginAttempt().Move(JobTrigger.NoReplacement, JobPhase.Preparing, reason, now);
        }

        // What would only be better must not keep the job from what it cannot go on without.
        var needing = state.Gang.Where(member => member.Replacement == Replacement.Preferred)
            .Aggregate(state, (job, member) => job.WithMember(member with { Replacement = Replacement.None }));
        return needing.Reason == reason ? needing : needing with { Reason = reason };
    }

    /// <summary>A node confirmed that the job's lease is over.</summary>
    /// <param name="state">The record.</param>
    /// <param name="lease">The lease.</param>
    /// <returns>The record without it.</returns>
    public static JobState Released(JobState state, HeldLease lease)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state with { ToRelease = state.ToRelease.Remove(lease) };
    }

    /// <summary>Other nodes take the places of some; what those leave goes back.</summary>
    internal static JobState Replace(
        JobState state, ImmutableArray<GangMember> vacated, ImmutableArray<LeaseGrant> grants, DateTimeOffset now)
    {
        var names = string.Join(", ", grants.Select(grant => grant.Node));
        state = JobCheckpoints.Sift(state, now);
        var newcomers = vacated.Zip(grants, (member, grant) => Member(grant, member.NodeRank)).ToArray();
        return (state with
        {
            Gang = [.. state.Gang.Except(vacated).Concat(newcomers).OrderBy(member => member.NodeRank)],
            ToRelease =
            [
                .. state.ToRelease, .. vacated.Where(member => !member.IsGivenBack).Select(member => member.Held),
            ],
        }).OnIncident(incident => (incident with
        {
            Replacements = [.. incident.Replacements, .. grants.Select(grant => grant.Node)],
        })
            .Step(IncidentTrigger.NodesReplaced, IncidentPhase.Replaced)
            .Note(now, TimelineEvents.ReplacementLeased, names));
    }

    private static GangMember Member(LeaseGrant grant, int position) => new()
    {
        NodeRank = position,
        Node = grant.Node,
        LeaseNumber = grant.Number,
        Address = grant.Address,
        ShardAddress = grant.ShardAddress,
        Rack = grant.Rack,
    };
}
