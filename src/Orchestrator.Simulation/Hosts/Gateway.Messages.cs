using Orchestrator.Domain.Leases;
using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.Grains;

namespace Orchestrator.Simulation.Hosts;

/// <summary>Events up, orders down: each in its order, and one at a time.</summary>
internal sealed partial class Gateway
{
    public bool Send(AgentStream stream, NodeOrder order)
    {
        if (!stream.IsOpen)
        {
            return false;
        }

        world.Watch.OrderSent(stream.Host, order);
        stream.Down.Enqueue(order);
        PumpDown(stream);
        return true;
    }

    public void PumpUp(Host host)
    {
        if (host.Stream is not { IsOpen: true, IsUpBusy: false } stream || !host.CanTalk
            || host.Agent.Outbox.Next(stream) is null)
        {
            return;
        }

        stream.IsUpBusy = true;
        world.Agenda.In(world.Chance.Between(0.001, 0.03), "event", host.Name, () => Hear(stream));
    }

    private void Hear(AgentStream stream)
    {
        stream.IsUpBusy = false;
        var host = stream.Host;
        if (!stream.IsOpen || !stream.IsHeld || !host.CanTalk || host.Agent.Outbox.Next(stream) is not { } seen)
        {
            return;
        }

        stream.Sent++;
        try
        {
            world.Node(host.Name).Call(node => node.Observe(stream.Session, seen with { At = world.Clock.Now }));
        }
        catch (Exception error) when (error is CallFailedException or StorageFailedException)
        {
            // The agent sends all that was not acknowledged again on its next stream.
            world.Note(error.Message);
            Close(stream, Ended);
            return;
        }

        // An acknowledgement covers all before it, and is often still on its way when the next event comes.
        if (!world.Armed.Strikes(FaultKind.LoseAcknowledgement) && !world.Chance.OneIn(2))
        {
            host.Agent.Outbox.Acknowledge(stream);
        }

        PumpUp(host);
    }

    private void PumpDown(AgentStream stream)
    {
        if (!stream.IsOpen || stream.IsDownBusy || stream.Down.Count == 0 || !stream.Host.CanTalk)
        {
            return;
        }

        stream.IsDownBusy = true;
        world.Agenda.In(world.Chance.Between(0.001, 0.03), "order", stream.Host.Name, () =>
        {
            stream.IsDownBusy = false;
            if (stream.IsOpen && stream.IsHeld && stream.Host.CanTalk && stream.Down.TryDequeue(out var order))
            {
                stream.Host.Agent.Accept(order);
                PumpDown(stream);
            }
        });
    }
}
