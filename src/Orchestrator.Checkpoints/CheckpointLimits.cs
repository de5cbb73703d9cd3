namespace Orchestrator.Checkpoints;

/// <summary>Limits of checkpoint stores.</summary>
public static class CheckpointLimits
{
    /// <summary>Files of one shard: their names and hashes travel in one message of at most 4 MiB.</summary>
    public const int FilesPerShard = 10_000;

    /// <summary>
    /// Files that one host reads, or fetches from others, at the same time: a core has its hands full with one.
    /// </summary>
    public static int ParallelFiles { get; } = Math.Clamp(Environment.ProcessorCount, 2, 16);
}
