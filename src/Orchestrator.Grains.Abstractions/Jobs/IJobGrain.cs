using System.Collections.Immutable;
using Orchestrator.Domain;
using Orchestrator.Domain.Jobs;
using Orchestrator.Domain.Leases;
using Orleans.Concurrency;

namespace Orchestrator.Grains.Jobs;

/// <summary>One job: what it wants of its gang, its recovery and its checkpoints. Keyed by the job's id.</summary>
[Alias("orchestrator.IJobGrain")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>Submits the job. Repeating it changes nothing.</summary>
    /// <param name="spec">What the user asks for.</param>
    /// <returns>All problems; null when accepted.</returns>
    [Alias("Submit")]
    Task<Reason?> Submit(JobSpec spec);

    /// <summary>Asks for a planned stop.</summary>
    /// <returns>The record after it, or why not.</returns>
    [Alias("Cancel")]
    Task<CancelResult> Cancel();

    /// <summary>Asks the job to go on from an earlier checkpoint.</summary>
    /// <param name="request">From which, and who asks.</param>
    /// <returns>The record after it, or why not.</returns>
    [Alias("ResumeFrom")]
    Task<RewindResult> ResumeFrom(RewindRequest request);

    /// <summary>Forgets older checkpoints.</summary>
    /// <param name="keep">The newest to keep.</param>
    /// <returns>What was forgotten and what is left, or why not.</returns>
    [Alias("Prune")]
    Task<PruneResult> Prune(int keep);

    /// <summary>News of a node. Repeated until acknowledged; nobody waits for it.</summary>
    /// <param name="report">All that the node knows of this job's lease.</param>
    /// <returns>A task.</returns>
    [Alias("Hear"), OneWay]
    Task Hear(LeaseReport report);

    /// <summary>Nodes may have become free.</summary>
    /// <returns>A task.</returns>
    [Alias("Nudge"), OneWay]
    Task Nudge();

    /// <summary>Activates the job, so that its deadlines run and its orders are repeated.</summary>
    /// <returns>A task.</returns>
    [Alias("Wake")]
    Task Wake();

    /// <summary>The record.</summary>
    /// <returns>The record; its id is empty when there is no such job.</returns>
    [Alias("Get"), ReadOnly]
    Task<JobState> Get();
}

/// <summary>Answer to a cancellation.</summary>
/// <param name="Phase">The job's state after it.</param>
/// <param name="Refusal">Why it was refused; null when accepted.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.CancelResult")]
public sealed record CancelResult(JobPhase Phase, Reason? Refusal);

/// <summary>Answer to a wish to go on from an earlier checkpoint.</summary>
/// <param name="Phase">The job's state after it.</param>
/// <param name="IsChanged">False when it goes on from there already.</param>
/// <param name="Refusal">Why it was refused; null when accepted.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.RewindResult")]
public sealed record RewindResult(JobPhase Phase, bool IsChanged, Reason? Refusal);

/// <summary>Answer to a wish to forget older checkpoints.</summary>
/// <param name="Forgotten">Steps of those that were, newest first.</param>
/// <param name="Kept">Steps of those that are left, newest first.</param>
/// <param name="Refusal">Why it was refused; null when accepted.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.PruneResult")]
public sealed record PruneResult(ImmutableArray<long> Forgotten, ImmutableArray<long> Kept, Reason? Refusal);
