using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Hosts;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Checkers;

/// <summary>An order leaves only after the record that decided it was stored.</summary>
internal sealed class WriteBeforeAct(VirtualWorld world) : Checker(world)
{
    private readonly HashSet<(string Node, string Operation)> _nodeOrders = [];
    private readonly HashSet<(string Job, JobPhase Phase, int Attempt)> _jobSteps = [];
    private readonly HashSet<(string Job, HeldLease Lease)> _givenBack = [];

    public override void NodeStored(in NodeChange change)
    {
        if (change.After.Lease?.Order is { } order && !ReferenceEquals(order, change.Before.Lease?.Order))
        {
            _nodeOrders.Add((change.Name, order.OperationId));
        }

        if (!change.After.Remains.IsEmpty && NodeDelivery.Due(change.After) is { } due)
        {
            _nodeOrders.Add((change.Name, due.OperationId));
        }
    }

    public override void JobStored(in JobChange change)
    {
        if (change.After.Phase != change.Before.Phase || change.After.Attempt != change.Before.Attempt)
        {
            _jobSteps.Add((change.Id, change.After.Phase, change.After.Attempt));
        }

        if (change.After.ToRelease != change.Before.ToRelease)
        {
            foreach (var lease in change.After.ToRelease)
            {
                _givenBack.Add((change.Id, lease));
            }
        }
    }

    public override void OrderGiven(string node, NodeOrder order)
    {
        var isStored = order.Body switch
        {
            PrepareOrder => IsStored(order, JobPhase.Preparing),
            LaunchOrder => IsStored(order, JobPhase.Launching),
            StopOrder => IsStored(order, JobPhase.Pausing) || IsStored(order, JobPhase.Stopping),
            ReleaseOrder => _givenBack.Contains((order.Job, new HeldLease(node, order.LeaseNumber))),
            _ => true,
        };
        if (!isStored)
        {
            Fail($"{order.Job} ordered {order.OperationId} of {node} before that was stored.");
        }
    }

    public override void OrderSent(Host host, NodeOrder order)
    {
        if (order.Body is not RetainOrder && !_nodeOrders.Contains((host.Name, order.OperationId)))
        {
            Fail($"{host.Name} was sent {order.OperationId} before that was stored.");
        }
    }

    private bool IsStored(NodeOrder order, JobPhase phase) => _jobSteps.Contains((order.Job, phase, order.Attempt));
}
