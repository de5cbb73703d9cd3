namespace Orchestrator.Checkpoints;

/// <summary>Limits of checkpoint stores.</summary>
public static class CheckpointLimits
{
    /// <summary>Files of one shard: their names and hashes travel in one message of at most 4 MiB.</summary>
    public const int FilesPerShard = 10_000;

    /// <summary>Files that one host reads at the same time; more only makes the disk seek.</summary>
    public static int ParallelReads { get; } = Math.Clamp(Environment.ProcessorCount, 2, 16);

    /// <summary>
    /// Files that one host fetches from others at the same time: twice as many, since a transfer waits for its sender.
    /// </summary>
    public static int ParallelTransfers { get; } = Math.Clamp(2 * Environment.ProcessorCount, 4, 16);
}
