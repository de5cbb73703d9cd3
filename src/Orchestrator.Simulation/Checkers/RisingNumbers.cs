using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>Sessions, lease numbers and attempts only rise, in the records and on the hosts.</summary>
internal sealed class RisingNumbers(VirtualWorld world) : Checker(world)
{
    private readonly Dictionary<string, long> _obeyed = [];

    public override void NodeStored(in NodeChange change)
    {
        var (before, after) = (change.Before, change.After);
        if (after.LeaseNumber < before.LeaseNumber)
        {
            Fail($"{change.Name}: the lease number fell from {before.LeaseNumber} to {after.LeaseNumber}.");
        }

        if (after.SessionNumber < before.SessionNumber)
        {
            Fail($"{change.Name}: the session fell from {before.SessionNumber} to {after.SessionNumber}.");
        }

        if (after.Lease is { } lease && before.Lease is { } known && lease.Number == known.Number
            && (lease.Attempt < known.Attempt || lease.StoppedAttempt < known.StoppedAttempt))
        {
            Fail($"{change.Name}: attempt {known.Attempt} of lease {lease.Number} fell to {lease.Attempt}.");
        }
    }

    public override void JobStored(in JobChange change)
    {
        var rise = change.After.Attempt - change.Before.Attempt;
        if (rise is < 0 or > 1)
        {
            Fail($"{change.Id}: the attempt went from {change.Before.Attempt} to {change.After.Attempt}.");
        }

        if (rise != 1)
        {
            return;
        }

        foreach (var member in change.After.Gang)
        {
            if (HasServed(member, change.Before.Attempt) && !member.IsStopped(change.Before.Attempt))
            {
                Fail($"{change.Id}: attempt {change.After.Attempt} began before {member.Node} had stopped the last.");
            }
        }
    }

    public override void OrderObeyed(Host host, NodeOrder order)
    {
        var newest = _obeyed.GetValueOrDefault(host.Name);
        if (order.LeaseNumber < newest)
        {
            Fail($"{host.Name} obeyed lease {order.LeaseNumber} after lease {newest}.");
        }

        _obeyed[host.Name] = Math.Max(newest, order.LeaseNumber);
    }

    /// <summary>It was ordered something of the attempt; a replacement that came after it was not.</summary>
    private bool HasServed(GangMember member, int attempt) =>
        attempt > 0 && World.Nodes.Find(member.Node)?.Lease is { } lease && lease.Number == member.LeaseNumber
        && lease.Attempt == attempt;
}
