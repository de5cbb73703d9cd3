using System.Collections.Immutable;

namespace Orchestrator.Domain.Jobs;

/// <summary>What a user asks for. Field for field the job file.</summary>
[GenerateSerializer, Immutable, Alias("orchestrator.JobSpec")]
public sealed record JobSpec
{
    /// <summary>1 to 40 lower-case letters, digits and '-'.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Hosts of the gang.</summary>
    [Id(1)] public required int Nodes { get; init; }

    /// <summary>Ranks on each host. Default 1.</summary>
    [Id(2)] public int RanksPerNode { get; init; } = 1;

    /// <summary>Program and arguments, the same on every rank.</summary>
    [Id(3)] public required ImmutableArray<string> Command { get; init; }

    /// <summary>Absolute path on the hosts.</summary>
    [Id(4)] public required string WorkingDirectory { get; init; }

    /// <summary>The job's own environment.</summary>
    [Id(5)]
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Root of the checkpoint store: an absolute path that every host sees. Empty: no checkpoints.</summary>
    [Id(6)] public string CheckpointStore { get; init; } = "";

    /// <summary>Newest checkpoints to keep. Default 3.</summary>
    [Id(7)] public int KeepCheckpoints { get; init; } = 3;

    /// <summary>Attempts in a row that may fail by the job's own fault without progress. Default 3.</summary>
    [Id(8)] public int StopAfterNoProgress { get; init; } = 3;

    /// <summary>Time between SIGTERM and SIGKILL of a planned stop. Default 10 s.</summary>
    [Id(9)] public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence after which ranks of a host end. Default 10 s.</summary>
    [Id(10)] public TimeSpan Lease { get; init; } = Timings.Lease;

    /// <summary>How its progress is learnt. Default: the script reports it.</summary>
    [Id(11)] public ProgressPolicy Progress { get; init; } = ProgressPolicy.Client;

    /// <summary>
    /// Python modules that standby processes on the hosts have imported before the next launch. Default none: no
    /// standbys.
    /// </summary>
    [Id(12)] public ImmutableArray<string> StandbyImports { get; init; } = [];

    /// <summary>
    /// Ranks wait for each other in every step, so that a step of one is a sign of life of all. Default true.
    /// </summary>
    [Id(13)] public bool IsSynchronous { get; init; } = true;

    /// <summary>Ranks of the whole gang.</summary>
    public int WorldSize => Nodes * RanksPerNode;
}
