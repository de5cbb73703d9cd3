using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>
/// Hosts, nodes, jobs and a pool on one clock: the rules as the grains drive them, and a truth to compare.
/// </summary>
/// <remarks>Nothing here is random: the same steps always lead to the same fleet.</remarks>
internal sealed class VirtualFleet
{
    /// <summary>Silence on an open stream that counts as lost contact.</summary>
    private const int StaleSeconds = 3;

    private readonly SortedDictionary<string, VirtualNode> _nodes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, VirtualJob> _jobs = new(StringComparer.Ordinal);

    public VirtualFleet(int hosts)
    {
        Pool = new VirtualPool(this);
        Watch = new FleetWatch(this);
        Hosts = [.. Enumerable.Range(0, hosts).Select(number => new VirtualHost($"n{number}", Clock))];
        foreach (var host in Hosts)
        {
            _nodes[host.Name] = new VirtualNode(host.Name, this);
            Attach(host);
        }
    }

    public VirtualClock Clock { get; } = new();

    public Mail Mail { get; } = new();

    public VirtualPool Pool { get; }

    public FleetWatch Watch { get; }

    public IReadOnlyList<VirtualHost> Hosts { get; }

    public IReadOnlyCollection<VirtualNode> Nodes => _nodes.Values;

    public IReadOnlyCollection<VirtualJob> Jobs => _jobs.Values;

    public VirtualNode Node(string name) => _nodes[name];

    public VirtualJob Job(string id)
    {
        if (!_jobs.TryGetValue(id, out var job))
        {
            _jobs[id] = job = new VirtualJob(id, this);
        }

        return job;
    }

    /// <summary>The agent opens a stream, if it can and has none.</summary>
    public void Attach(VirtualHost host)
    {
        if (!host.CanTalk || host.Stream is { IsOpen: true })
        {
            return;
        }

        EndStream(host);
        var hello = host.Hello();
        var stream = new VirtualStream(hello.SessionNumber);
        if (Node(host.Name).Attach(hello, stream))
        {
            host.Stream = stream;
            host.HeardAt = Clock.Now;
        }
    }

    /// <summary>The stream breaks, or the gateway sees that its agent is gone.</summary>
    public void EndStream(VirtualHost host)
    {
        if (host.Stream is { } stream)
        {
            stream.IsOpen = false;
            host.Stream = null;
            Node(host.Name).LoseContact(stream.Session);
        }
    }

    /// <summary>The agent's process ends; its stream breaks with it.</summary>
    public void StopAgent(VirtualHost host)
    {
        EndStream(host);
        host.StopAgent();
    }

    /// <summary>The host loses its power.</summary>
    public void PowerOff(VirtualHost host)
    {
        EndStream(host);
        host.PowerOff();
    }

    /// <summary>The oldest message up arrives; its acknowledgement too, or not.</summary>
    public bool DeliverUp(VirtualHost host, bool isAcknowledged = true)
    {
        if (!host.CanTalk || host.Stream is not { IsOpen: true } stream || host.Outbox.Next(stream) is not { } seen)
        {
            return false;
        }

        stream.Sent++;
        Node(host.Name).Observe(stream.Session, seen with { At = Clock.Now });
        if (isAcknowledged)
        {
            host.Outbox.Acknowledge(stream);
        }

        return true;
    }

    /// <summary>The oldest message down arrives.</summary>
    public bool DeliverDown(VirtualHost host)
    {
        if (!host.CanTalk || host.Stream is not { IsOpen: true } stream || !stream.Down.TryDequeue(out var order))
        {
            return false;
        }

        host.Accept(order);
        return true;
    }

    /// <summary>Time passes, second by second, with all that runs by the clock.</summary>
    public void Pass(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            Clock.Pass(Moments.Second);
            foreach (var host in Hosts)
            {
                host.RunOutLeases(Timings.Lease);
                WatchStream(host);
            }

            foreach (var node in Nodes)
            {
                node.Tick();
            }

            foreach (var job in Jobs)
            {
                job.Tick();
            }
        }
    }

    /// <summary>The control plane ends and starts again: streams break, what was under way is lost.</summary>
    public void RestartSilo()
    {
        Mail.Clear();
        foreach (var host in Hosts)
        {
            if (host.Stream is { } stream)
            {
                stream.IsOpen = false;
                host.Stream = null;
            }
        }

        foreach (var node in Nodes)
        {
            node.Reload();
        }

        foreach (var job in Jobs)
        {
            job.Reload();
        }
    }

    private void WatchStream(VirtualHost host)
    {
        if (host.Stream is not { } stream)
        {
            return;
        }

        if (!stream.IsOpen || !host.IsUp)
        {
            EndStream(host);
        }
        else if (host.CanTalk)
        {
            stream.SilentSeconds = 0;
            Node(host.Name).KeepConnection(stream);
        }
        else if (++stream.SilentSeconds == StaleSeconds)
        {
            Node(host.Name).LoseContact(stream.Session);
        }
    }
}
