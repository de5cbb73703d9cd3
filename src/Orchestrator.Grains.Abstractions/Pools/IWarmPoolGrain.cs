using System.Collections.Immutable;
using Orchestrator.Domain;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Pools;
using Orleans.Concurrency;

namespace Orchestrator.Grains.Pools;

/// <summary>One warm pool: who gets the free nodes, and who waits for what. Keyed by the pool's name.</summary>
[Alias("orchestrator.IWarmPoolGrain")]
public interface IWarmPoolGrain : IGrainWithStringKey
{
    /// <summary>Leases nodes to a job: as many as it needs, or none.</summary>
    /// <param name="request">What it needs.</param>
    /// <returns>The leases, or what the job waits for.</returns>
    [Alias("Acquire")]
    Task<AcquireResult> Acquire(AcquireRequest request);

    /// <summary>The job does not wait any more.</summary>
    /// <param name="job">The job.</param>
    /// <returns>A task.</returns>
    [Alias("Leave")]
    Task Leave(string job);

    /// <summary>A node became free.</summary>
    /// <returns>A task.</returns>
    [Alias("CapacityChanged"), OneWay]
    Task CapacityChanged();

    /// <summary>The record.</summary>
    /// <returns>Who waits.</returns>
    [Alias("Get"), ReadOnly]
    Task<PoolState> Get();
}

/// <summary>The pools that exist.</summary>
public static class WarmPools
{
    /// <summary>The pool that holds every node.</summary>
    public const string Default = "default";
}

/// <summary>What a job needs.</summary>
/// <param name="Job">The job.</param>
/// <param name="Nodes">How many nodes, all at once.</param>
/// <param name="IsReplacement">For a running job: served before new jobs, and from the spares.</param>
/// <param name="SubmittedAt">The job's submission.</param>
/// <param name="Lease">How long its ranks live without a renewal.</param>
/// <param name="IsRelocation">For a job that runs on until it can be moved: it takes no place in the queue.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.AcquireRequest")]
public sealed record AcquireRequest(
    string Job, int Nodes, bool IsReplacement, DateTimeOffset SubmittedAt, TimeSpan Lease, bool IsRelocation = false);

/// <summary>Answer to a request for nodes.</summary>
/// <param name="Grants">The leases; empty when the job waits.</param>
/// <param name="Wait">What it waits for; null when granted.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.AcquireResult")]
public sealed record AcquireResult(ImmutableArray<LeaseGrant> Grants, Reason? Wait);
