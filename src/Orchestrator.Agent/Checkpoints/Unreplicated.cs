using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Why a shard has one copy in memory only.</summary>
internal static class Unreplicated
{
    public static readonly CheckpointFault NoOtherHost = new(
        "no_other_host", "The gang has no other host that holds shards.");
}
