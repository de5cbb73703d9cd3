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

    /// <summary>
    /// Root of the checkpoint store: an absolute path that every host sees, or s3://BUCKET/PREFIX with its options.
    /// Empty: no checkpoints.
    /// </summary>
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

    /// <summary>
    /// Also keep checkpoints whose step this divides, once they are in the store. Default 0: only the newest.
    /// </summary>
    [Id(14)] public long KeepEvery { get; init; }

    /// <summary>
    /// Save into the memory of two hosts first, and to the store in the background. Default false: ranks write into the
    /// store, a folder, themselves.
    /// </summary>
    [Id(15)] public bool KeepsInMemory { get; init; }

    /// <summary>
    /// File that is taken into the checkpoints whenever a rank has finished it, and put back before a resume: a path or
    /// a pattern, relative to the working directory; "{rank}" stands for the rank's number. Default empty: none.
    /// </summary>
    [Id(16)] public string Watch { get; init; } = "";

    /// <summary>Says when to save, by the failures it sees and by what a save costs. Default false.</summary>
    [Id(17)] public bool HasAutoInterval { get; init; }

    /// <summary>
    /// Program and arguments of an attempt that resumes. Default empty: the command. "{step}" stands for the step,
    /// "{checkpoint}" for the file that was put back.
    /// </summary>
    [Id(18)] public ImmutableArray<string> ResumeCommand { get; init; } = [];

    /// <summary>Ranks of the whole gang.</summary>
    public int WorldSize => Nodes * RanksPerNode;
}
