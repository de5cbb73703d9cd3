using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Checkers;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Coverage;

/// <summary>What people are shown of a record: asked whenever its state changes, it must have an answer.</summary>
internal static class Views
{
    public static void Look(VirtualWorld world, in NodeChange change)
    {
        var after = change.After;
        var isChanged = after.Phase != change.Before.Phase || after.Cordons != change.Before.Cordons
            || after.Lease?.Phase != change.Before.Lease?.Phase;
        var job = after.Lease is { } lease ? world.Jobs.Find(lease.Job) : null;
        if (isChanged && DrainProgress.Of(after, job) is { } progress)
        {
            world.Coverage.Saw(progress);
        }
    }

    public static void Look(VirtualWorld world, in JobChange change)
    {
        var (before, after) = (change.Before, change.After);
        if (before.Phase != after.Phase || before.Gang != after.Gang || before.ToRelease != after.ToRelease)
        {
            world.Coverage.Saw(NextAction.Of(after, world.Clock.Now));
            foreach (var member in after.Gang)
            {
                if (member.Report?.Cordon is not null && world.Nodes.Find(member.Node) is { } node
                    && DrainProgress.Of(node, after) is { } progress)
                {
                    world.Coverage.Saw(progress);
                }
            }
        }
    }
}
