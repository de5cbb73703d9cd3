using System.Text.RegularExpressions;
using Orchestrator.Agent.Options;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>What one agent asks another to hold.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Step">The step after which the shard was saved.</param>
/// <param name="Attempt">The attempt that wrote it.</param>
/// <param name="RunningAttempt">The attempt that runs where it comes from: one that is over here, is refused.</param>
/// <param name="ShardsExpected">How many ranks write a shard of its checkpoint.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Store">The job's store.</param>
internal sealed partial record ShardOffer(
    string JobId, ulong Step, uint Attempt, uint RunningAttempt, uint ShardsExpected, StoredShard Shard, string Store)
{
    public long Bytes => Shard.Files.Sum(file => file.SizeBytes);

    /// <summary>Names become paths here, so that only those are taken that a store gives.</summary>
    public bool IsWellFormed =>
        SafeName.IsValid(JobId) && ShardPath().IsMatch(Shard.Path) && Shard.Files.Count > 0
        && Shard.Files.Count <= CheckpointLimits.FilesPerShard && Shard.Files.All(file => IsInside(file.Name));

    public static bool IsInside(string name) =>
        name.Length > 0 && !Path.IsPathRooted(name) && name.Split('/').All(part => part is not ("" or "." or ".."));

    [GeneratedRegex(@"\Astep-[0-9]{8,20}/attempt-[0-9]{1,10}/rank-[0-9]{1,10}-[0-9a-f]{8}\z")]
    private static partial Regex ShardPath();
}
