using System.Collections.Immutable;
using Orchestrator.Domain.Nodes;
using Orchestrator.Domain.Pools;
using Orchestrator.Domain.Ranks;
using Orchestrator.Simulation.World;

namespace Orchestrator.Simulation.Hosts;

/// <summary>One host as it truly is: power, network, disk and processes.</summary>
internal sealed class Host
{
    private readonly VirtualWorld _world;

    public Host(VirtualWorld world, int number)
    {
        _world = world;
        Name = $"n{number}";
        Address = $"10.0.0.{number}";
        Rack = $"r{number % 2}";
        Labels = ImmutableDictionary<string, string>.Empty.Add(Topology.RackLabel, Rack);
        Agent = new Agent(world, this);
        SilentSince = world.Clock.Passed;
        Leases = new LeaseKeeper(world, this);
    }

    public string Name { get; }

    public string Address { get; }

    public string Rack { get; }

    public ImmutableDictionary<string, string> Labels { get; }

    public Agent Agent { get; }

    public LeaseKeeper Leases { get; }

    public int Boots { get; private set; } = 1;

    public bool IsUp { get; private set; } = true;

    /// <summary>The whole virtual machine stands still.</summary>
    public bool IsPaused { get; private set; }

    public Reach Reach { get; private set; }

    /// <summary>The part of the network that it is in; 0 with the control plane.</summary>
    public int Island { get; set; }

    /// <summary>Its ranks do not end when they are killed, as inside a driver.</summary>
    public bool IsStubborn { get; private set; }

    public bool IsDiskFull { get; set; }

    public bool HasGpu { get; set; } = true;

    public bool HasAddress { get; set; } = true;

    /// <summary>On the disk: the newest session.</summary>
    public long Session { get; set; }

    /// <summary>On the disk: the highest lease number that was obeyed.</summary>
    public long LeaseNumber { get; set; }

    /// <summary>On the disk: the newest attempt of each job that was stopped here.</summary>
    public Dictionary<string, int> Over { get; } = [];

    public List<RankProcess> Ranks { get; } = [];

    public AgentStream? Stream { get; set; }

    /// <summary>Since when nothing of the control plane is heard; null while it is heard.</summary>
    public TimeSpan? SilentSince { get; private set; }

    public bool CanTalk => CanAnswer && _world.Network.ReachesControlPlane(this);

    /// <summary>Its agent answers whoever reaches it.</summary>
    public bool CanAnswer => CanCompute && Agent is { IsUp: true, IsFrozen: false };

    public bool CanCompute => IsUp && !IsPaused;

    public void PowerOff()
    {
        if (!IsUp)
        {
            return;
        }

        Agent.Die(isSeen: false);
        (IsUp, IsPaused, IsStubborn, IsDiskFull) = (false, false, false, false);
        foreach (var rank in Ranks)
        {
            var wasRunning = rank.IsRunning;
            rank.IsGone = true;
            if (wasRunning)
            {
                _world.Training.RankEnded(rank, isAbrupt: true);
            }
        }

        Ranks.Clear();
        ContactChanged();
    }

    public void Boot()
    {
        if (IsUp)
        {
            return;
        }

        Boots++;
        IsUp = true;
        Agent.Start();
    }

    public void Pause()
    {
        IsPaused = IsUp;
        ContactChanged();
    }

    public void Resume()
    {
        IsPaused = false;
        // Its supervisors look at their leases before anything else runs.
        Leases.RunOut();
        ContactChanged();
    }

    public void Cut(Reach reach)
    {
        Reach = reach;
        ContactChanged();
    }

    public void BecomeStubborn() => IsStubborn = IsUp;

    public void Yield()
    {
        IsStubborn = false;
        foreach (var rank in Ranks.Where(rank => rank is { IsRunning: true, IsKilled: true }).ToArray())
        {
            End(rank, Exits.Stopped);
        }
    }

    public void Start(RankProcess rank)
    {
        Ranks.Add(rank);
        rank.StartedAt = _world.Clock.Passed;
        _world.Watch.RankStarted(rank);
        _world.Training.RankStarted(rank);
        Leases.Begin();
    }

    /// <summary>A process ends, and the agent sees it when there is one.</summary>
    public void End(RankProcess rank, RankExit exit)
    {
        if (!rank.IsRunning)
        {
            return;
        }

        rank.Exit = exit with { At = _world.Clock.Now };
        _world.Training.RankEnded(rank, isAbrupt: false);
        Agent.Tell(new RankExited(rank.Job, rank.Attempt, rank.Rank, rank.Exit, rank.Step, default));
        Agent.FinishStops();
    }

    /// <summary>SIGKILL, which a stubborn host carries out late.</summary>
    public void Kill(RankProcess rank, RankExit exit)
    {
        rank.IsKilled = true;
        if (!IsStubborn)
        {
            End(rank, exit);
        }

    }

    /// <summary>Something changed of which contact depends.</summary>
    public void ContactChanged()
    {
        var isInContact = CanTalk && Stream is { IsOpen: true, IsStale: false };
        if (isInContact)
        {
            if (SilentSince is { } since)
            {
                _world.Fleet.Return(this, since);
            }

            SilentSince = null;
            Agent.Hear();
        }
        else if (SilentSince is null)
        {
            SilentSince = _world.Clock.Passed;
            Agent.Hear();
            Leases.Lose();
        }

        _world.Gateway.ContactChanged(this);
        _world.Network.Changed();
    }
}
