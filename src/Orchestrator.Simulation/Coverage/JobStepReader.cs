using Orchestrator.Domain.Jobs;
using Orchestrator.Simulation.Checkers;
using Orchestrator.Simulation.Grains;
using static Orchestrator.Domain.Jobs.JobTrigger;

namespace Orchestrator.Simulation.Coverage;

/// <summary>Which rows of the job's life cycle a stored change took: the shortest way that the call allows.</summary>
internal static class JobStepReader
{
    private static readonly JobTrigger[] Asked = [CancelAsked, NodesGranted, NoReplacement];

    private static readonly Dictionary<(JobCall, JobPhase, JobPhase), (JobPhase, JobTrigger, JobPhase)[]> Ways =
        Enum.GetValues<JobCall>().SelectMany(call => Enum.GetValues<JobPhase>().SelectMany(from =>
            From(call, from))).ToDictionary(way => (way.Call, way.From, way.To), way => way.Rows);

    /// <summary>Reads the rows; false when no way leads from the one state to the other.</summary>
    public static bool Read(in JobChange change, List<(JobPhase From, JobTrigger Trigger, JobPhase To)> rows)
    {
        var (before, after) = (change.Before, change.After);
        if (before.Phase == after.Phase)
        {
            ReadRound(before, after, rows);
            return true;
        }

        if (!Ways.TryGetValue((change.Call, before.Phase, after.Phase), out var way))
        {
            return false;
        }

        rows.AddRange(way);
        return true;
    }

    /// <summary>From a state back to itself, in one decision.</summary>
    private static void ReadRound(
        JobState before, JobState after, List<(JobPhase From, JobTrigger Trigger, JobPhase To)> rows)
    {
        if (after.Phase != JobPhase.Preparing)
        {
            return;
        }

        if (after.Attempt > before.Attempt)
        {
            rows.Add((JobPhase.Preparing, FailureSeen, JobPhase.Pausing));
            rows.Add((JobPhase.Pausing, GangStopped, JobPhase.Preparing));
        }
        else if (after.PrepareRound > before.PrepareRound)
        {
            rows.Add((JobPhase.Preparing, CheckpointRefused, JobPhase.Preparing));
        }
    }

    private static bool Allows(JobCall call, JobTrigger trigger) => call switch
    {
        JobCall.Submit or JobCall.Released => false,
        JobCall.Cancel => trigger is CancelAsked or GangStopped,
        // A running job is granted the successor of a drained node, and is paused for the move.
        JobCall.Granted => trigger is NodesGranted or FailureSeen or GangStopped,
        JobCall.Waiting => trigger == NoReplacement,
        _ => !Asked.Contains(trigger),
    };

    private static IEnumerable<(JobCall Call, JobPhase From, JobPhase To, (JobPhase, JobTrigger, JobPhase)[] Rows)>
        From(JobCall call, JobPhase from)
    {
        var ways = new Dictionary<JobPhase, (JobPhase, JobTrigger, JobPhase)[]> { [from] = [] };
        var next = new Queue<JobPhase>([from]);
        while (next.TryDequeue(out var at))
        {
            foreach (var row in JobLifecycle.Table.Rows.Where(row => row.From == at && Allows(call, row.Trigger)))
            {
                if (ways.TryAdd(row.To, [.. ways[at], (row.From, row.Trigger, row.To)]))
                {
                    next.Enqueue(row.To);
                }
            }
        }

        return ways.Where(way => way.Key != from).Select(way => (call, from, way.Key, way.Value));
    }
}
