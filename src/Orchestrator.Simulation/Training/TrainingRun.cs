using Orchestrator.Simulation.Hosts;

namespace Orchestrator.Simulation.Training;

/// <summary>One attempt's gang: its ranks advance only together.</summary>
internal sealed class TrainingRun(string job, int attempt, int worldSize)
{
    public string Job => job;

    public int Attempt => attempt;

    public int WorldSize => worldSize;

    public List<RankProcess> Ranks { get; } = [];

    /// <summary>The newest step that all its ranks made; where it resumed from before the first.</summary>
    public long Step { get; set; }

    public long StepsMade { get; set; }

    /// <summary>Its first rank ended, and the others are about to notice.</summary>
    public bool IsBroken { get; set; }

    public bool HasStarted { get; set; }

    /// <summary>Its steps hang without any fault of a host.</summary>
    public TimeSpan HangsUntil { get; set; }

    /// <summary>Looks at a gang that stands still, for a pause that grows.</summary>
    public int Stalls { get; set; }

    public bool IsWhole => Ranks.Count == worldSize && Ranks.TrueForAll(rank => rank.IsComputing);
}
