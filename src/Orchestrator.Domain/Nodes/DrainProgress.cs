using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;

namespace Orchestrator.Domain.Nodes;

/// <summary>Says how far a drain is, and what it waits for.</summary>
public static class DrainProgress
{
    /// <summary>How far the drain of a node is.</summary>
    /// <param name="node">The node.</param>
    /// <param name="job">The job that holds it; null when unknown. Needed only where the job is to be moved.</param>
    /// <returns>Null when nobody drains it.</returns>
    public static Reason? Of(NodeState node, JobState? job)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (NodeDrain.CordonOf(node) is not { } cordon)
        {
            return null;
        }

        return node.Lease switch
        {
            null when node.Remains.IsEmpty => new("drained", "No job holds it, and none gets it."),
            null or { Phase: LeasePhase.Releasing or LeasePhase.Revoked } => new(
                "drain_ends_ranks", "Its job is done with it; what is left of it is being ended."),
            { Job: var holder } when !cordon.MovesJob => new(
                "drain_waits_for_job", $"{holder} keeps it until it ends or is launched anew for another reason."),
            var lease => Move(lease, job?.Gang.FirstOrDefault(
                member => member.Node == node.Name && member.LeaseNumber == lease.Number)),
        };
    }

    private static Reason Move(Lease lease, GangMember? member) => member switch
    {
        { Relocation.Successor: { } successor } => new(
            "drain_moves_job", $"{lease.Job} is being stopped, and goes on with {successor.Node}."),
        { RelocationWait: { } wait } => new(
            "drain_waits_for_nodes", $"{lease.Job} runs on until it can be moved. {wait.Sentence}"),
        _ => new("drain_waits_for_run", $"{lease.Job} is moved as soon as all of its ranks run."),
    };
}
