using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Jobs;

namespace Orchestrator.Domain.Leases;

/// <summary>What an order asks for.</summary>
[JsonDerivedType(typeof(PrepareOrder), "prepare")]
[JsonDerivedType(typeof(LaunchOrder), "launch")]
[JsonDerivedType(typeof(StopOrder), "stop")]
[JsonDerivedType(typeof(ReleaseOrder), "release")]
[JsonDerivedType(typeof(RetainOrder), "retain")]
[GenerateSerializer, Immutable, Alias("orchestrator.OrderBody")]
public abstract record OrderBody;

/// <summary>Probe a rendezvous port, and verify the checkpoint to resume from.</summary>
/// <param name="Store">Root of the checkpoint store; empty without one.</param>
/// <param name="Resume">The checkpoint; null when starting from nothing.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.PrepareOrder")]
public sealed record PrepareOrder(string Store, CheckpointManifest? Resume) : OrderBody;

/// <summary>Start this node's ranks of the gang.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.LaunchOrder")]
public sealed record LaunchOrder : OrderBody
{
    /// <summary>The gang's ranks on this node, the first with local rank 0.</summary>
    [Id(0)] public required ImmutableArray<int> Ranks { get; init; }

    /// <summary>Ranks of the whole gang.</summary>
    [Id(1)] public required int WorldSize { get; init; }

    /// <summary>This node's position in the gang, from 0.</summary>
    [Id(2)] public required int NodeRank { get; init; }

    /// <summary>Nodes of the gang.</summary>
    [Id(3)] public required int NodeCount { get; init; }

    /// <summary>Address of rank 0's host.</summary>
    [Id(4)] public required string MasterAddress { get; init; }

    /// <summary>Rendezvous port of this attempt.</summary>
    [Id(5)] public required int MasterPort { get; init; }

    /// <summary>Program and arguments.</summary>
    [Id(6)] public required ImmutableArray<string> Command { get; init; }

    /// <summary>Absolute path.</summary>
    [Id(7)] public required string WorkingDirectory { get; init; }

    /// <summary>The job's own environment.</summary>
    [Id(8)] public required ImmutableDictionary<string, string> Environment { get; init; }

    /// <summary>Root of the checkpoint store; empty without one.</summary>
    [Id(9)] public required string Store { get; init; }

    /// <summary>The checkpoint to resume from; null when starting from nothing.</summary>
    [Id(10)] public CheckpointManifest? Resume { get; init; }

    /// <summary>How long ranks live without a renewal by their agent.</summary>
    [Id(11)] public required TimeSpan Lease { get; init; }

    /// <summary>How the progress of its ranks is learnt. Default: the script reports it.</summary>
    [Id(12)] public ProgressPolicy Progress { get; init; } = ProgressPolicy.Client;

    /// <summary>Python modules that standbys for the next launch import. Default none: no standbys.</summary>
    [Id(13)] public ImmutableArray<string> StandbyImports { get; init; } = [];

    /// <summary>Shards go to host memory first. Default false: ranks write into the store themselves.</summary>
    [Id(14)] public bool KeepsInMemory { get; init; }

    /// <summary>Who holds a second copy of this host's shards; null where the gang has no other host.</summary>
    [Id(15)] public Holder? ReplicaHolder { get; init; }

    /// <summary>File that is taken in when a rank has finished it. Default empty: none.</summary>
    [Id(16)] public string Watch { get; init; } = "";

    /// <summary>
    /// When ranks save that leave it to Orchestrator; null where they decide, and before it is known.
    /// </summary>
    [Id(17)] public SavePlan? SavePlan { get; init; }

    /// <summary>
    /// The command is the one for attempts that resume, in which the host fills in step and file. Default false.
    /// </summary>
    [Id(18)] public bool IsResumeCommand { get; init; }
}

/// <summary>End the ranks of the attempt and of every earlier one.</summary>
/// <param name="Grace">Time between SIGTERM and SIGKILL; zero for SIGKILL at once.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.StopOrder")]
public sealed record StopOrder(TimeSpan Grace) : OrderBody;

/// <summary>The lease is over: end what is left and forget it.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.ReleaseOrder")]
public sealed record ReleaseOrder : OrderBody;

/// <summary>
/// Delete the files of checkpoints that are not kept any more, and bring one of them to the store. Never stored: the
/// next one says it again.
/// </summary>
/// <param name="Store">Root of the checkpoint store.</param>
/// <param name="Kept">The kept checkpoints, newest first.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.RetainOrder")]
public sealed record RetainOrder(string Store, ImmutableArray<CheckpointManifest> Kept) : OrderBody
{
    /// <summary>The one that is to reach the store now; null when none is.</summary>
    [Id(0)] public CheckpointId? Upload { get; init; }

    /// <summary>
    /// Delete from the store, too; otherwise only from this host's memory. One host of the gang does.
    /// </summary>
    [Id(1)] public bool CollectsStore { get; init; } = true;

    /// <summary>When ranks save that leave it to Orchestrator; null where they decide.</summary>
    [Id(2)] public SavePlan? SavePlan { get; init; }
}
