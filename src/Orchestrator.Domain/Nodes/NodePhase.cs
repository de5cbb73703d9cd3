namespace Orchestrator.Domain.Nodes;

/// <summary>Where a node is in its life. Cordons stand beside it.</summary>
public enum NodePhase
{
    /// <summary>Known by name; its agent has not attached yet.</summary>
    Joining,

    /// <summary>Attached; its checks run.</summary>
    Validating,

    /// <summary>Healthy, checked, free.</summary>
    Warm,

    /// <summary>Leased to a job, no rank started yet.</summary>
    Assigned,

    /// <summary>Runs ranks of its lease.</summary>
    Active,

    /// <summary>Contact was lost; nothing else is known.</summary>
    Suspect,

    /// <summary>Believed dead, by witnesses or by silence.</summary>
    Lost,

    /// <summary>Kept from work because of a fault.</summary>
    Quarantined,

    /// <summary>Being repaired.</summary>
    Repairing,

    /// <summary>Gone for good, until an operator brings it back.</summary>
    Retired,
}
