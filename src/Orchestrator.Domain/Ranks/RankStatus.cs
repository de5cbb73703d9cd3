namespace Orchestrator.Domain.Ranks;

/// <summary>One rank of one attempt, as its node knows it.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.RankStatus")]
public sealed record RankStatus
{
    /// <summary>Number in the gang, from 0.</summary>
    [Id(0)] public required int Rank { get; init; }

    /// <summary>The attempt it belongs to.</summary>
    [Id(1)] public required int Attempt { get; init; }

    /// <summary>Where its process is in its life.</summary>
    [Id(2)] public RankPhase Phase { get; init; }

    /// <summary>Process id on its host; 0 before the start.</summary>
    [Id(3)] public int Pid { get; init; }

    /// <summary>How it ended; null while it runs.</summary>
    [Id(4)] public RankExit? Exit { get; init; }

    /// <summary>Highest step it had reported when its last edge was sent; 0 without progress reports.</summary>
    [Id(5)] public long HighestStep { get; init; }

    /// <summary>The first step it finished in this attempt; null before it.</summary>
    [Id(6)] public long? FirstStep { get; init; }

    /// <summary>When that step was finished, on the control plane's clock.</summary>
    [Id(7)] public DateTimeOffset? FirstStepAt { get; init; }
}
