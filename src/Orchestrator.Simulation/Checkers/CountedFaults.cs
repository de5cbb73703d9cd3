using Orchestrator.Domain.Jobs;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>Only attempts in which a rank truly failed count as the job's own fault; lost hosts never.</summary>
internal sealed class CountedFaults(VirtualWorld world) : Checker(world)
{
    private readonly HashSet<(string Job, int Attempt)> _faults = [];

    public override void OwnFault(string job, int attempt) => _faults.Add((job, attempt));

    public override void JobStored(in JobChange change)
    {
        var (before, after) = (change.Before, change.After);
        if (after.FruitlessAttempts > before.FruitlessAttempts && !_faults.Contains((change.Id, before.Attempt)))
        {
            Fail($"{change.Id}: attempt {before.Attempt} counted as its own fault, but none of its ranks failed.");
        }

        if (after.Phase == JobPhase.Failed && before.Phase != JobPhase.Failed
            && after.FruitlessAttempts < after.Spec!.StopAfterNoProgress)
        {
            Fail($"{change.Id} was stopped after {after.FruitlessAttempts} fruitless attempts.");
        }
    }
}
