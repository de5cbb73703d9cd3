namespace Orchestrator.Simulation.Grains;

/// <summary>A record was not stored, or nobody knows whether it was.</summary>
internal sealed class StorageFailedException(string record, WriteOutcome outcome)
    : Exception($"{record}: {outcome}.")
{
    public WriteOutcome Outcome => outcome;
}
