namespace Orchestrator.Simulation.Grains;

/// <summary>What a job asks of the pool.</summary>
/// <param name="Job">The job.</param>
/// <param name="Nodes">How many nodes at once.</param>
/// <param name="SubmittedAt">The job's submission.</param>
/// <param name="Lease">How long its ranks live without a renewal.</param>
internal sealed record NodeRequest(string Job, int Nodes, DateTimeOffset SubmittedAt, TimeSpan Lease)
{
    public bool IsReplacement { get; init; }

    /// <summary>It runs on until it can be moved, and takes no place in the queue.</summary>
    public bool IsRelocation { get; init; }
}
