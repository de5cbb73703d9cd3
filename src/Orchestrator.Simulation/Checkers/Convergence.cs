using Orchestrator.Domain.Jobs;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>After everything healed, every job ends, every node is free, nothing waits and nothing runs.</summary>
internal sealed class Convergence(VirtualWorld world) : Checker(world)
{
    public static bool IsAtRest(VirtualWorld world) =>
        world.Jobs.All.All(IsAtRest)
        && world.Nodes.All.All(node => node.IsAvailable)
        && world.Pools.All.All(pool => pool.Waiting.IsEmpty)
        && world.Gpus.All.All(gpu => gpu.Pending is null)
        && world.Hosts.All(host => !host.Ranks.Exists(rank => rank.IsRunning));

    public override void Settled()
    {
        if (!IsAtRest(World))
        {
            Fail($"The world does not come to rest: {string.Join("; ", Restless())}");
        }
    }

    private static bool IsAtRest(JobState job) =>
        job.Spec is null || (job.Phase.IsEnded() && job.ToRelease.IsEmpty);

    private IEnumerable<string> Restless() =>
        World.Jobs.All.Where(job => !IsAtRest(job)).Select(job =>
            $"{job.Id} is {job.Phase} ({job.Reason.Sentence}), attempt {job.Attempt}, gang "
            + string.Join(' ', job.Gang.Select(member =>
                $"{member.Node}/{member.LeaseNumber}/{member.Replacement}/{member.Report?.Phase}"))
            + $", to release {job.ToRelease.Length}")
        .Concat(World.Nodes.All.Where(node => !node.IsAvailable).Select(node =>
            $"{node.Name} is {node.Phase} ({node.Reason.Sentence}), connected {node.IsConnected}, "
            + $"lease {node.Lease?.Number} {node.Lease?.Job} {node.Lease?.Phase} {node.Lease?.Order?.OperationId} "
            + $"confirmed {node.Lease?.IsOrderConfirmed}, remains {node.Remains.Length}, "
            + $"cordons {node.Cordons.Length}, session {node.SessionNumber}"))
        .Concat(World.Pools.All.SelectMany(pool => pool.Waiting).Select(ticket => $"{ticket.Job} waits in the pool"))
        .Concat(World.Gpus.All.Where(gpu => gpu.Pending is not null).Select(gpu =>
            $"verdict {gpu.VerdictNumber} for {gpu.Node} is not heard"))
        .Concat(World.Hosts.SelectMany(host => host.Ranks).Where(rank => rank.IsRunning).Select(rank =>
            $"{rank.Job}, attempt {rank.Attempt}, rank {rank.Rank} runs on {rank.Host.Name}"));
}
