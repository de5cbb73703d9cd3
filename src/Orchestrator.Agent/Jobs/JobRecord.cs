using System.Text.Json.Serialization;
using Orchestrator.Domain.Checkpoints;

namespace Orchestrator.Agent.Jobs;

/// <summary>What the host must remember about a job so that no order of the past is obeyed again.</summary>
/// <param name="JobId">The job.</param>
/// <param name="LaunchedAttempt">Highest attempt launched here; 0 before the first.</param>
/// <param name="StoppedAttempt">Highest attempt stopped here: it and every earlier one are over.</param>
/// <param name="ReleasedAttempt">Highest attempt that the control plane no longer wants to hear of.</param>
/// <param name="LeaseMilliseconds">Lease length of the launched attempt.</param>
internal sealed record JobRecord(
    string JobId, uint LaunchedAttempt, uint StoppedAttempt, uint ReleasedAttempt, uint LeaseMilliseconds)
{
    /// <summary>When ranks save that leave it to Orchestrator, as last heard; null where nothing was.</summary>
    /// <remarks>Kept over a restart of the agent: ranks that know different plans save at different steps.</remarks>
    public SavePlan? SavePlan { get; init; }

    [JsonIgnore]
    public TimeSpan Lease => TimeSpan.FromMilliseconds(LeaseMilliseconds);

    public bool IsOver(uint attempt) => attempt <= StoppedAttempt || attempt < LaunchedAttempt;
}
