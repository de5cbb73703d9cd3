namespace Orchestrator.Agent.Leases;

/// <summary>Decides from when the leases of the agent's ranks count.</summary>
internal interface ILeasePolicy
{
    /// <summary>
    /// The newest moment, on the boot clock, at which it was sure that nobody counts on the end of these ranks; null
    /// before there was one.
    /// </summary>
    TimeSpan? ProvenAt { get; }
}
