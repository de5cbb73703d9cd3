using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Leases;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>Ranks resume only from a checkpoint whose shards were whole when their launch was prepared.</summary>
internal sealed class VerifiedResume(VirtualWorld world) : Checker(world)
{
    private readonly Dictionary<(string Job, int Attempt), (CheckpointManifest? Resume, bool IsWhole)> _prepared = [];

    public override void Prepared(NodeOrder order, CheckpointManifest? resume, bool isWhole) =>
        _prepared[(order.Job, order.Attempt)] = (resume, isWhole);

    public override void Launched(NodeOrder order, LaunchOrder launch)
    {
        // From memory each host reads its part while its ranks start, and says so where it cannot.
        if (launch.KeepsInMemory || launch.Resume is not { } resume)
        {
            return;
        }

        var (prepared, isWhole) = _prepared.GetValueOrDefault((order.Job, order.Attempt));
        if (!isWhole || prepared is null || prepared.Step != resume.Step || prepared.Attempt != resume.Attempt)
        {
            Fail($"{order.Job}, attempt {order.Attempt}, resumed from step {resume.Step}, which was not whole.");
        }
    }
}
