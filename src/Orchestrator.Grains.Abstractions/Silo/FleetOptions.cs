using Orchestrator.Domain.Pools;

namespace Orchestrator.Grains.Silo;

/// <summary>How the fleet is used.</summary>
public sealed class FleetOptions
{
    /// <summary>
    /// Free nodes held back from new jobs, so that a replacement is there at once.
    /// <value>The default is 0: every node may be given to a new job.</value>
    /// </summary>
    public int Spares { get; set; }

    /// <summary>
    /// Nodes given in place of others within a minute, to all jobs together; beyond, a job waits and says so.
    /// <value>The default is 20.</value>
    /// </summary>
    public int ReplacementsPerMinute { get; set; } = ReplacementCap.Default;

    /// <summary>What the pool may give.</summary>
    public PoolLimits Limits => new(Spares, ReplacementsPerMinute);
}
