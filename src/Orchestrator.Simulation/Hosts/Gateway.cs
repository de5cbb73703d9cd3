using Orchestrator.Domain;
using Orchestrator.Domain.Nodes;
using Orchestrator.Simulation.Faults;
using Orchestrator.Simulation.Grains;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Hosts;

/// <summary>The silo's end of the agents' streams: it opens them, and tells nodes of silence and loss.</summary>
internal sealed partial class Gateway(VirtualWorld world)
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
        world.Fleet.Look();
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

        if (isSeen && world.Network.ReachesControlPlane(host))
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
            world.Fleet.Look();
            SightGpus(hello);
            host.ContactChanged();
            world.Fleet.Tell(host);
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
}
