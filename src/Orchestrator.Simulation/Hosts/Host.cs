using System.Collections.Immutable;
using Orchestrator.Domain.Nodes;
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
        Labels = ImmutableDictionary<string, string>.Empty.Add("rack", $"r{number % 2}");
        Agent = new Agent(world, this);
        SilentSince = world.Clock.Passed;
    }

    public string Name { get; }

    public string Address { get; }

    public ImmutableDictionary<string, string> Labels { get; }

    public Agent Agent { get; }

    public int Boots { get; private set; } = 1;

    public bool IsUp { get; private set; } = true;

    /// <summary>The whole virtual machine stands still.</summary>
    public bool IsPaused { get; private set; }

    public Reach Reach { get; private set; }

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

    public bool CanTalk => IsUp && !IsPaused && Reach == Reach.Everybody && Agent is { IsUp: true, IsFrozen: false };

    /// <summary>Its ranks go on computing with those of other hosts.</summary>
    public bool CanTrain => IsUp && !IsPaused && Reach != Reach.Nobody;

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
        RunOutLeases();
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
        _world.Watch.RankStarted(rank);
        _world.Training.RankStarted(rank);
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
        var isInContact = CanTalk && Stream is { IsOpen: true };
        if (isInContact)
        {
            SilentSince = null;
        }
        else if (SilentSince is null)
        {
            SilentSince = _world.Clock.Passed;
            foreach (var rank in Ranks.Where(rank => rank.IsRunning))
            {
                _world.Agenda.In(rank.Lease, "lease runs out", Name, RunOutLeases);
            }
        }

        _world.Gateway.ContactChanged(this);
    }

    private void RunOutLeases()
    {
        if (IsPaused || SilentSince is not { } since)
        {
            return;
        }

        foreach (var rank in Ranks.Where(rank => rank.IsComputing).ToArray())
        {
            if (since + rank.Lease <= _world.Clock.Passed)
            {
                Kill(rank, Exits.LeaseRanOut);
            }
        }
    }
}
