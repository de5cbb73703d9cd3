using Orchestrator.Checkpoints;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>What is found of a shard's copies, in the words of the protocol.</summary>
internal static class ShardFindings
{
    public const string Store = "store";

    public static string MemoryOf(string node) => $"memory of {node}";

    public static ShardFinding Of(Shard shard, string place, CheckpointFault? fault)
    {
        var finding = new ShardFinding { Rank = shard.Rank, Place = place, State = StateOf(fault) };
        if (fault is not null)
            finding.Fault = new Reason { Code = fault.Code, Sentence = fault.Sentence };
        return finding;
    }

    /// <summary>
    /// A fault is of the content, and the end of that copy; what is said of a host, a store or a disk may pass.
    /// </summary>
    public static bool IsOfContent(CheckpointFault fault) =>
        StateOf(fault) is ShardCopyState.Missing or ShardCopyState.Differs;

    private static ShardCopyState StateOf(CheckpointFault? fault) => fault?.Code switch
    {
        null => ShardCopyState.Good,
        "shard_missing" => ShardCopyState.Missing,
        "shard_size_differs" or "shard_hash_differs" or "shard_has_stranger" or "manifest_empty"
            or "manifest_path_outside" => ShardCopyState.Differs,
        _ => ShardCopyState.Unknown,
    };
}
