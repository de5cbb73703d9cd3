using Orchestrator.Domain;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Hosts;

/// <summary>The silo's end of the agents' streams: it opens them, and tells nodes of silence and loss.</summary>
internal sealed class Gateway(VirtualWorld world)
{
    private const int LossAttempts = 5;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Dead = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(5);
    private static readonly Reason Ended = new("stream_ended", "Its agent's stream ended.");
    private readonly HashSet<string> _expected = [];
    private int _era;

    /// <summary>The agent opens a stream, if it can and has none.</summary>
    public void Connect(Host host)
    {
        if (!host.CanTalk || host.Stream is { IsOpen: true } || host.Agent.IsConnecting)
        {
            return;
        }

        host.Agent.IsConnecting = true;
        var hello = host.Agent.Hello();
        var stream = new AgentStream(host, hello.SessionNumber);
        var life = host.Agent.Life;
        if (world.Armed.Strikes(FaultKind.LateHello))
        {
            world.Agenda.In(HelloTimeout, "hello given up", host.Name, () => GiveUp(host, life));
            world.Agenda.In(world.Chance.Between(5.5, 60), "late hello", host.Name, () => OpenLate(hello, stream));
            return;
        }

        world.Agenda.In(world.Chance.Between(0.002, 0.05), "hello", host.Name, () =>
        {
            if (life == host.Agent.Life)
            {
                host.Agent.IsConnecting = false;
                Open(hello, stream);
            }
        });
    }

    /// <summary>Both ends are told nothing more; the node hears of the loss.</summary>
    public void Close(AgentStream stream, Reason reason)
    {
        if (!stream.IsOpen)
        {
            return;
        }

        stream.IsOpen = false;
        if (stream.Host.Stream == stream)
        {
            stream.Host.Stream = null;
            stream.Host.ContactChanged();
        }

        TellLoss(stream, reason, attempt: 1);
        ConnectLater(stream.Host, 0.3, 3);
    }

    /// <summary>The agent's process ended: seen at once where its host lives and packets still travel.</summary>
    public void Break(Host host, bool isSeen)
    {
        if (host.Stream is not { } stream)
        {
            return;
        }

        if (isSeen && host.Reach == Reach.Everybody)
        {
            Close(stream, Ended);
            return;
        }

        host.Stream = null;
        WatchSilence(stream);
    }

    /// <summary>The host has to tell the whole truth again, on a new stream.</summary>
    public void AttachAnew(Host host)
    {
        if (host.Stream is { } stream)
        {
            Close(stream, Ended);
        }
    }

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

    /// <summary>A node activated anew must learn its stream, and one that lost it must find it again.</summary>
    public void ExpectKeep(string node)
    {
        if (_expected.Add(node))
        {
            world.Agenda.In(world.Chance.Between(0.1, 5), "stream kept", node, () => Keep(node));
        }
    }

    public void ContactChanged(Host host)
    {
        if (host.Stream is not { IsOpen: true } stream)
        {
            ConnectLater(host, 0.2, 2);
            return;
        }

        if (!host.CanTalk)
        {
            WatchSilence(stream);
            return;
        }

        if (stream.IsStale)
        {
            stream.IsStale = false;
            ExpectKeep(host.Name);
        }

        PumpUp(host);
        PumpDown(stream);
    }

    /// <summary>The silo ends: its streams break, and it keeps to itself what it saw last.</summary>
    public void Stop()
    {
        _era++;
        foreach (var host in world.Hosts)
        {
            if (host.Stream is { } stream)
            {
                stream.IsOpen = false;
                host.Stream = null;
                host.ContactChanged();
            }
        }
    }

    private void GiveUp(Host host, int life)
    {
        if (life == host.Agent.Life)
        {
            host.Agent.IsConnecting = false;
            ConnectLater(host, 0.1, 1);
        }
    }

    private void ConnectLater(Host host, double least, double most)
    {
        if (host.CanTalk)
        {
            world.Agenda.In(world.Chance.Between(least, most), "connect", host.Name, () => Connect(host));
        }
    }

    private void Open(AgentHello hello, AgentStream stream)
    {
        var host = stream.Host;
        if (!host.CanTalk)
        {
            stream.IsOpen = false;
            return;
        }

        try
        {
            if (world.Node(host.Name).Call(node => node.Attach(hello, stream)) is not null)
            {
                stream.IsOpen = false;
                ConnectLater(host, 0.3, 3);
                return;
            }
        }
        catch (Exception error) when (error is CallFailedException or StorageFailedException)
        {
            world.Note(error.Message);
            Close(stream, Ended);
            return;
        }

        if (stream.IsOpen)
        {
            host.Stream = stream;
            SightGpus(hello);
            host.ContactChanged();
        }
    }

    private void OpenLate(AgentHello hello, AgentStream stream)
    {
        // The agent has given this stream up long ago, but the silo does not know.
        stream.IsOpen = false;
        try
        {
            if (world.Node(hello.Node).Call(node => node.Attach(hello, stream)) is null)
            {
                TellLoss(stream, Ended, attempt: 1);
            }
        }
        catch (Exception error) when (error is CallFailedException or StorageFailedException)
        {
            world.Note(error.Message);
            TellLoss(stream, Ended, attempt: 1);
        }
    }

    private void SightGpus(AgentHello hello)
    {
        foreach (var device in hello.Gpus)
        {
            world.Mail.Post("gpu seen", device.Uuid, () =>
                world.Gpu(device.Uuid).Call(gpu => gpu.Sight(device, hello.Node)));
        }
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

    private void Keep(string node)
    {
        _expected.Remove(node);
        if (world.Host(node).Stream is not { IsOpen: true, IsStale: false } stream)
        {
            return;
        }

        try
        {
            world.Node(node).Call(grain => grain.KeepConnection(stream.Session, stream));
            if (world.Node(node).Present is { } present && !present.Holds(stream))
            {
                ExpectKeep(node);
            }
        }
        catch (Exception error) when (error is CallFailedException or StorageFailedException)
        {
            world.Note(error.Message);
            ExpectKeep(node);
        }
    }

    private void WatchSilence(AgentStream stream)
    {
        var era = _era;
        var since = stream.Host.SilentSince;
        bool IsSilent() => era == _era && stream.IsOpen && (!stream.IsHeld || stream.Host.SilentSince == since);
        world.Agenda.In(Stale, "silence seen", stream.Host.Name, () =>
        {
            if (IsSilent() && !stream.IsStale)
            {
                stream.IsStale = true;
                TellLoss(stream, new Reason("heartbeats_missing", "No heartbeat comes."), attempt: 1);
            }
        });
        world.Agenda.In(Dead, "stream dead", stream.Host.Name, () =>
        {
            if (IsSilent())
            {
                Close(stream, new Reason("silent_stream", "Nothing came on its agent's stream any more."));
            }
        });
    }

    /// <summary>The node must hear of the loss, or a dead host would look free; it may hear it late.</summary>
    private void TellLoss(AgentStream stream, Reason reason, int attempt)
    {
        var era = _era;
        var overdue = stream.IsOpen ? Stale - Heartbeat : TimeSpan.Zero;
        var pause = world.Armed.Strikes(FaultKind.DelayLoss)
            ? world.Chance.Between(1, 60)
            : world.Chance.Between(0.001, 0.02);
        world.Agenda.In(attempt == 1 ? pause : pause + Stale, "contact lost", stream.Host.Name, () =>
        {
            if (era != _era)
            {
                return;
            }

            try
            {
                world.Node(stream.Host.Name).Call(node => node.LoseContact(stream.Session, reason, overdue));
                if (stream is { IsOpen: true, IsHeld: true })
                {
                    // The stream came back while its loss was being told.
                    ExpectKeep(stream.Host.Name);
                }
            }
            catch (Exception error) when (error is CallFailedException or StorageFailedException)
            {
                world.Note(error.Message);
                if (attempt < LossAttempts)
                {
                    TellLoss(stream, reason, attempt + 1);
                }
            }
        });
    }
}
