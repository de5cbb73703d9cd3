namespace Orchestrator.Domain.Jobs;

/// <summary>What can happen to a job.</summary>
public enum JobTrigger
{
    /// <summary>All nodes it asked for are leased to it.</summary>
    NodesGranted,

    /// <summary>A replacement would have been better, but none is free.</summary>
    NoReplacement,

    /// <summary>Port and checkpoint are ready.</summary>
    Prepared,

    /// <summary>The checkpoint differs from its manifest.</summary>
    CheckpointRefused,

    /// <summary>Every rank's process runs.</summary>
    RanksStarted,

    /// <summary>Every rank ended with success.</summary>
    RanksFinished,

    /// <summary>
    /// A rank, a device or a host failed, an order was not carried out, or a drained node is left as planned.
    /// </summary>
    FailureSeen,

    /// <summary>No old rank is left: confirmed, or its host is lost.</summary>
    GangStopped,

    /// <summary>The wait before the next launch is over.</summary>
    WaitOver,

    /// <summary>A person asked for the end.</summary>
    CancelAsked,
}
