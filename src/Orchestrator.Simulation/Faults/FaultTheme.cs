namespace Orchestrator.Simulation.Faults;

/// <summary>What a run suffers from most: many different bad days find more than one average one.</summary>
internal enum FaultTheme
{
    Mixed,
    Messages,
    Storage,
    Activations,
    Streams,
    Hosts,
    Devices,
    Training,
    Partitions,
    LongNights,
}
