namespace Orchestrator.Simulation.Grains;

/// <summary>What became of a write, as the storage knows it.</summary>
internal enum WriteOutcome
{
    Written,

    /// <summary>It was written, but the writer does not hear of it.</summary>
    AnswerLost,

    Failed,

    /// <summary>Somebody else wrote since the writer read.</summary>
    Conflict,
}
