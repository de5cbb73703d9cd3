namespace Orchestrator.Domain.Nodes;

/// <summary>What can happen to a node.</summary>
public enum NodeTrigger
{
    /// <summary>An agent attached that has none of the lease's ranks to go on with.</summary>
    Attached,

    /// <summary>The checks passed.</summary>
    ChecksPassed,

    /// <summary>The checks failed, or took too long.</summary>
    ChecksFailed,

    /// <summary>A job took a lease.</summary>
    Leased,

    /// <summary>The first rank of the lease started.</summary>
    RankStarted,

    /// <summary>The lease is over.</summary>
    Released,

    /// <summary>The agent's stream broke or fell silent.</summary>
    ContactLost,

    /// <summary>The agent is back, with its host unbroken.</summary>
    ContactRegained,

    /// <summary>Synchronous training advanced after contact was lost, so the host lives.</summary>
    Vouched,

    /// <summary>A second witness confirmed the loss.</summary>
    Convicted,

    /// <summary>The state lasted as long as it may.</summary>
    DeadlinePassed,

    /// <summary>A device of the node cannot be used.</summary>
    DeviceFailed,

    /// <summary>The last cordon was lifted.</summary>
    CordonLifted,

    /// <summary>The host came back from its repair: booted anew.</summary>
    Repaired,
}
