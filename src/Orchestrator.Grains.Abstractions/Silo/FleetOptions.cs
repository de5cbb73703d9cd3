namespace Orchestrator.Grains.Silo;

/// <summary>How the fleet is used.</summary>
public sealed class FleetOptions
{
    /// <summary>
    /// Free nodes held back from new jobs, so that a replacement is there at once.
    /// <value>The default is 0: every node may be given to a new job.</value>
    /// </summary>
    public int Spares { get; set; }
}
