using Orchestrator.Domain.Ranks;

namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>One rank as it truly is on its host: a process, and then what is left of it on the disk.</summary>
internal sealed class VirtualRank(string job, int attempt, int rank, string node, int worldSize, long resumeStep)
{
    public string Job => job;

    public int Attempt => attempt;

    public int Rank => rank;

    public string Node => node;

    public int WorldSize => worldSize;

    public RankExit? Exit { get; set; }

    public long? FirstStep { get; set; }

    public long Step { get; set; }

    public bool IsRunning => Exit is null;

    /// <summary>One more step, counted on from the checkpoint that it resumed from.</summary>
    public void Advance() => Step = Math.Max(Step, resumeStep) + 1;

    public RankStatus Status => new()
    {
        Rank = rank,
        Attempt = attempt,
        Phase = IsRunning ? RankPhase.Running : RankPhase.Exited,
        Pid = 1000 + rank,
        Exit = Exit,
        HighestStep = Step,
        FirstStep = FirstStep,
    };
}
