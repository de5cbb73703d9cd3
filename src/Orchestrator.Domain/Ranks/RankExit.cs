namespace Orchestrator.Domain.Ranks;

/// <summary>How a rank's process ended.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.RankExit")]
public sealed record RankExit
{
    /// <summary>Exit code, 0 to 255; meaningful only when <see cref="Signal"/> is 0.</summary>
    [Id(0)] public int Code { get; init; }

    /// <summary>The signal that ended it, or 0.</summary>
    [Id(1)] public int Signal { get; init; }

    /// <summary>The end of its output, at most <see cref="Limits.LastLinesBytes"/> bytes.</summary>
    [Id(2)] public string LastLines { get; init; } = "";

    /// <summary>We ended it ourselves, so it is no cause of anything.</summary>
    [Id(3)] public bool WasStopped { get; init; }

    /// <summary>Its lease ran out and the supervisor ended it.</summary>
    [Id(4)] public bool LeaseExpired { get; init; }

    /// <summary>When it ended, on the control plane's clock: time of arrival less the age the agent measured.</summary>
    [Id(5)] public DateTimeOffset At { get; init; }

    /// <summary>It did what it was meant to do.</summary>
    public bool IsSuccess => Code == 0 && Signal == 0;
}
