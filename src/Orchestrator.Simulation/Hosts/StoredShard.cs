namespace Orchestrator.Simulation.Hosts;

/// <summary>A shard as it truly is: in the store, in the memory of hosts, or gone.</summary>
internal sealed record StoredShard(string Job, int Attempt, long Step, int Rank)
{
    public bool IsDamaged { get; set; }

    public bool IsDeleted { get; set; }

    /// <summary>It is in the store; otherwise only where <see cref="Copies"/> says.</summary>
    public bool IsInStore { get; set; } = true;

    /// <summary>How many ranks write a shard of its checkpoint.</summary>
    public int Expected { get; set; }

    /// <summary>Hosts that have it in memory, each with the boot that the memory is of.</summary>
    public HashSet<(Host Host, int Boots)> Copies { get; } = [];

    /// <summary>Holds it in the memory of a host.</summary>
    public void HoldIn(Host host) => Copies.Add((host, host.Boots));

    /// <summary>A host can get it from its own memory, from another host's, or from the store.</summary>
    public bool IsWithinReachOf(Host host) => !IsDamaged && !IsDeleted && (IsInStore || Copies.Any(copy =>
        copy.Boots == copy.Host.Boots && copy.Host.IsUp
        && (copy.Host == host || (copy.Host.CanAnswer && Network.Reaches(host, copy.Host)))));
}
