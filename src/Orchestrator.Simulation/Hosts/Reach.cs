namespace Orchestrator.Simulation.Hosts;

/// <summary>Whom a host can reach.</summary>
internal enum Reach
{
    Everybody,

    /// <summary>Other hosts, but not the control plane.</summary>
    Peers,

    /// <summary>The control plane, but no other host.</summary>
    ControlPlane,

    Nobody,
}
