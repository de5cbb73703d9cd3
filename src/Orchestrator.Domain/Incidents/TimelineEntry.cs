namespace Orchestrator.Domain.Incidents;

/// <summary>One moment of an incident.</summary>
/// <param name="At">When, on the control plane's clock.</param>
/// <param name="Event">One of <see cref="TimelineEvents"/>.</param>
/// <param name="Detail">What, in a few words.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.TimelineEntry")]
public sealed record TimelineEntry(DateTimeOffset At, string Event, string Detail);

/// <summary>The moments that a timeline knows.</summary>
public static class TimelineEvents
{
    /// <summary>The evidence that made it an incident reached the gateway.</summary>
    public const string Detected = "detected";

    /// <summary>The cause was named.</summary>
    public const string Classified = "classified";

    /// <summary>The last stop order was sent.</summary>
    public const string StopsSent = "stops_sent";

    /// <summary>The last stop was confirmed, or its host was lost.</summary>
    public const string Paused = "paused";

    /// <summary>A wait before the next launch began.</summary>
    public const string BackedOff = "backed_off";

    /// <summary>Replacement nodes were leased.</summary>
    public const string ReplacementLeased = "replacement_leased";

    /// <summary>The checkpoint is verified and the rendezvous port is free.</summary>
    public const string Prepared = "prepared";

    /// <summary>The last launch order was sent.</summary>
    public const string Launched = "launched";

    /// <summary>Every rank's process runs.</summary>
    public const string RanksStarted = "ranks_started";

    /// <summary>
    /// A rank of the new attempt finished its first step, or, where none tells its steps, a checkpoint is whole.
    /// </summary>
    public const string FirstNewStep = "first_new_step";

    /// <summary>A checkpoint was refused; once for each of them.</summary>
    public const string CheckpointRefused = "checkpoint_refused";

    /// <summary>It ended otherwise.</summary>
    public const string Closed = "closed";
}
