namespace Orchestrator.Domain.Leases;

/// <summary>What can happen to a lease.</summary>
public enum LeaseTrigger
{
    /// <summary>A launch was ordered.</summary>
    LaunchOrdered,

    /// <summary>The job gave it back.</summary>
    ReleaseOrdered,

    /// <summary>The node was lost or failed.</summary>
    NodeFailed,
}
