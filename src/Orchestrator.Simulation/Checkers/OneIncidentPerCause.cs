using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>An attempt fails once: one root cause opens one incident and counts once.</summary>
internal sealed class OneIncidentPerCause(VirtualWorld world) : Checker(world)
{
    private readonly HashSet<(string Job, int Attempt)> _failed = [];

    public override void JobStored(in JobChange change)
    {
        var rise = change.After.IncidentCount - change.Before.IncidentCount;
        if (rise == 0)
        {
            return;
        }

        var attempt = change.After.Incidents[^1].FailedAttempt;
        if (rise != 1 || !_failed.Add((change.Id, attempt)))
        {
            Fail($"{change.Id}: the failure of attempt {attempt} opened more than one incident.");
        }
    }
}
