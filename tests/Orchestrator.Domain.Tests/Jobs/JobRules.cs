using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;

namespace Orchestrator.Domain.Tests.Jobs;

/// <summary>What must hold of every change of a job's record.</summary>
internal static class JobRules
{
    public static void Check(JobState before, JobState after)
    {
        Attempts(before, after);
        Deadlines(after);
        Drains(before, after);
        Rewinds(before, after);
        IncidentsOf(before, after);
        CheckpointsOf(before, after);
        if (before.Phase.IsEnded())
        {
            after.Phase.ShouldBe(before.Phase, "an ended job went on");
        }
    }

    private static void Attempts(JobState before, JobState after)
    {
        after.Attempt.ShouldBeInRange(before.Attempt, before.Attempt + 1);
        if (after.Attempt > before.Attempt)
        {
            after.Gang.Where(member => before.Gang.Any(other => other.LeaseNumber == member.LeaseNumber
                    && other.Node == member.Node))
                .All(member => member.IsStopped(before.Attempt) || IsNewcomer(before, member))
                .ShouldBeTrue("an attempt began while the one before it was not stopped");
        }

        var launches = JobOrders.Due(after).Count(entry => entry.Order.Body is LaunchOrder);
        if (launches > 0)
        {
            after.Phase.ShouldBe(JobPhase.Launching);
        }
    }

    /// <summary>A drained node's successor took its place, and waits with the others for a further node.</summary>
    private static bool IsNewcomer(JobState before, GangMember member) =>
        before.Phase is JobPhase.Replacing or JobPhase.BackingOff
        && before.OpenIncident!.Replacements.Contains(member.Node);

    /// <summary>A drain stops nothing before another node is leased, and is nobody's fault.</summary>
    private static void Drains(JobState before, JobState after)
    {
        if (before.Phase == JobPhase.Running && after.Phase == JobPhase.Pausing && after.Reason.Code == "drained")
        {
            var moved = after.Gang.Where(member => member.Relocation is not null).ToArray();
            moved.ShouldNotBeEmpty();
            moved.ShouldAllBe(member => member.Relocation!.Successor != null);
        }

        if (before.Phase == JobPhase.Pausing && before.Reason.Code == "drained")
        {
            after.FruitlessAttempts.ShouldBeLessThanOrEqualTo(before.FruitlessAttempts);
        }

        (after.IsRelocating() && after.Phase is not (JobPhase.Pausing or JobPhase.Stopping))
            .ShouldBeFalse($"a move outlived its pause: {after.Phase}");
    }

    /// <summary>A wish waits for the next attempt only, and what is saved meanwhile is nobody's.</summary>
    private static void Rewinds(JobState before, JobState after)
    {
        (after.Rewind is not null && after.Phase is not (JobPhase.Pausing or JobPhase.BackingOff
            or JobPhase.Replacing or JobPhase.Stopping)).ShouldBeFalse($"a wish outlived its pause: {after.Phase}");
        if (before.Rewind is { } rewind && after.Attempt > before.Attempt
            && before.Checkpoints.Committed.Any(manifest => manifest.Id == rewind.Checkpoint && manifest.IsRestorable))
        {
            after.ResumeFrom!.Id.ShouldBe(rewind.Checkpoint);
        }

        if (before.IsRewinding())
        {
            after.FruitlessAttempts.ShouldBeLessThanOrEqualTo(before.FruitlessAttempts);
        }
    }

    private static void Deadlines(JobState after)
    {
        var mayWait = after.Phase is JobPhase.Queued or JobPhase.Running or JobPhase.Replacing || after.Phase.IsEnded();
        (mayWait || after.Deadline is not null).ShouldBeTrue($"{after.Phase} has no deadline");
        after.Reason.Sentence.ShouldNotBeEmpty();
        if (after.Phase.IsEnded() && after.Spec is not null)
        {
            after.OpenIncident.ShouldBeNull("an ended job has an open incident");
        }
    }

    private static void IncidentsOf(JobState before, JobState after)
    {
        var isPaused = before.Phase != JobPhase.Pausing && after.IncidentCount > before.IncidentCount;
        after.IncidentCount.ShouldBe(before.IncidentCount + (isPaused ? 1 : 0), "not one incident per pause");
        if (before.Phase != JobPhase.Pausing && after.Phase == JobPhase.Pausing)
        {
            isPaused.ShouldBeTrue("a pause without an incident");
        }

        foreach (var incident in after.Incidents)
        {
            var times = incident.Timeline.Select(entry => entry.At).ToArray();
            times.SequenceEqual(times.Order()).ShouldBeTrue("the timeline is out of order");
            if (before.Incidents.FirstOrDefault(known => known.Id == incident.Id) is { IsOpen: false } closed)
            {
                incident.ShouldBe(closed, "a closed incident changed");
            }
        }
    }

    private static void CheckpointsOf(JobState before, JobState after)
    {
        var committed = after.Checkpoints.Committed;
        committed.Length.ShouldBeLessThanOrEqualTo(after.Spec?.KeepCheckpoints ?? 0);
        foreach (var manifest in committed)
        {
            if (!before.Checkpoints.Committed.Contains(manifest))
            {
                manifest.Attempt.ShouldBe(before.Attempt, "a checkpoint of another attempt was committed");
                manifest.Shards.Select(shard => shard.Rank).ShouldBe(Enumerable.Range(0, after.Spec!.WorldSize));
            }
        }

        var order = committed.Select(manifest => (manifest.Attempt, manifest.Step)).ToArray();
        order.SequenceEqual(order.Distinct().OrderDescending()).ShouldBeTrue("checkpoints are not newest first");
    }
}
