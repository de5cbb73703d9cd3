using Orchestrator.Cli.Output;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Checkpoints;

/// <summary>Checkpoints in words.</summary>
internal static class CheckpointWords
{
    public static string Of(CheckpointTier tier) => tier switch
    {
        CheckpointTier.Local => "local",
        CheckpointTier.Replicated => "replicated",
        CheckpointTier.Durable => "durable",
        _ => "unknown",
    };

    public static string Of(ShardCopyState state) => state switch
    {
        ShardCopyState.Good => "good",
        ShardCopyState.Missing => "missing",
        ShardCopyState.Differs => "differs",
        _ => "unknown",
    };

    /// <summary>What the job does with it, and what it lacks.</summary>
    public static string Notes(Checkpoint checkpoint)
    {
        string[] notes =
        [
            checkpoint.IsNext ? "resumed from next" : "",
            checkpoint.IsUploading ? "on its way to the store" : "",
            checkpoint.IsRestorable ? "" : "no copy is left of a shard",
            .. checkpoint.Unreplicated.Select(reason => $"one copy only: {Words.Of(reason)}"),
            .. checkpoint.Damage.Select(reason => $"will not reach the store: {Words.Of(reason)}"),
        ];
        return string.Join("; ", notes.Where(note => note.Length > 0));
    }
}
