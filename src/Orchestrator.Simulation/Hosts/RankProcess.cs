using Orchestrator.Domain.Ranks;

namespace Orchestrator.Simulation.Hosts;

/// <summary>One rank as it truly is on its host: a process, and then what is left of it on the disk.</summary>
internal sealed class RankProcess
{
    public required Host Host { get; init; }

    public required string Job { get; init; }

    public required int Attempt { get; init; }

    public required int Rank { get; init; }

    public required long LeaseNumber { get; init; }

    public required int WorldSize { get; init; }

    public required long ResumeStep { get; init; }

    public required TimeSpan Lease { get; init; }

    /// <summary>It saves into its host's memory.</summary>
    public bool KeepsInMemory { get; init; }

    /// <summary>The node that holds a second copy of what it saves; null where there is none.</summary>
    public string? Partner { get; init; }

    public TimeSpan StartedAt { get; set; }

    public RankExit? Exit { get; set; }

    /// <summary>Its host lost its power: nothing is left, not even an exit.</summary>
    public bool IsGone { get; set; }

    /// <summary>SIGKILL was sent: it computes no more, although it may hang in a driver.</summary>
    public bool IsKilled { get; set; }

    /// <summary>Its lease ran out, and its supervisor is about to end it.</summary>
    public bool IsOver { get; set; }

    public long? FirstStep { get; set; }

    public long Step { get; set; }

    public bool IsRunning => Exit is null && !IsGone;

    public bool IsComputing => IsRunning && !IsKilled;

    public bool Is(string job, int attempt, int rank) => Job == job && Attempt == attempt && Rank == rank;

    public RankStatus Status => new()
    {
        Rank = Rank,
        Attempt = Attempt,
        Phase = IsRunning ? RankPhase.Running : RankPhase.Exited,
        Pid = 1000 + Rank,
        Exit = Exit,
        HighestStep = Step,
        FirstStep = FirstStep,
    };
}
