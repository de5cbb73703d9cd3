namespace Orchestrator.Domain.Leases;

/// <summary>Where a lease is in its life.</summary>
public enum LeasePhase
{
    /// <summary>Given to a job that has not launched on it.</summary>
    Granted,

    /// <summary>A launch was ordered.</summary>
    Launched,

    /// <summary>The job gave it back; the agent has not confirmed yet that nothing is left.</summary>
    Releasing,

    /// <summary>Its node was lost or failed; the job has not taken note yet.</summary>
    Revoked,
}
