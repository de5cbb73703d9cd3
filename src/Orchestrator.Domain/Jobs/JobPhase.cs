namespace Orchestrator.Domain.Jobs;

/// <summary>Where a job is in its life.</summary>
public enum JobPhase
{
    /// <summary>Waits for nodes.</summary>
    Queued,

    /// <summary>Nodes are leased; rank 0's host probes a port and verifies the checkpoint.</summary>
    Preparing,

    /// <summary>Ranks are being started.</summary>
    Launching,

    /// <summary>Every rank runs.</summary>
    Running,

    /// <summary>A failure was seen; the old ranks are being stopped.</summary>
    Pausing,

    /// <summary>Attempt after attempt made no progress: waits a while before the next.</summary>
    BackingOff,

    /// <summary>Waits for replacement nodes.</summary>
    Replacing,

    /// <summary>A planned stop is under way.</summary>
    Stopping,

    /// <summary>Every rank finished.</summary>
    Succeeded,

    /// <summary>Stopped for want of progress.</summary>
    Failed,

    /// <summary>Stopped by a person.</summary>
    Cancelled,
}
