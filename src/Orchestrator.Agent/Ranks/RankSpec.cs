using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Progress;
using Orchestrator.Agent.Watching;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Ranks;

/// <summary>What a rank was started with, as far as the agent needs it after a restart of its own.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Attempt">The launch that the rank belongs to.</param>
/// <param name="Rank">Position in the gang.</param>
/// <param name="LeaseNumber">The node's lease under which it was launched.</param>
/// <param name="BootId">Boot under which its process ids mean something.</param>
/// <param name="Store">Root of the checkpoint store; empty without one.</param>
/// <param name="Resume">Where the attempt resumes from; null when it starts from nothing.</param>
/// <param name="Part">
/// The shard that the rank is told to load, with the hashes to hold it against; null when it starts from nothing, and
/// in records of agents that did not keep it.
/// </param>
/// <param name="Progress">What its steps are read from; null where its script reports them.</param>
internal sealed record RankSpec(
    string JobId,
    uint Attempt,
    uint Rank,
    ulong LeaseNumber,
    string BootId,
    string Store,
    ResumePoint? Resume,
    StoredCheckpoint? Part = null,
    ProgressRule? Progress = null)
{
    /// <summary>Folder in which its supervisor was started, where it was a standby; null where it was not.</summary>
    public string? StartedIn { get; init; }

    /// <summary>It saves into this host's memory, and not into the store itself.</summary>
    public bool KeepsInMemory { get; init; }

    /// <summary>Who holds a second copy of what it saves; null where the gang has no other host.</summary>
    public ShardHolder? Partner { get; init; }

    /// <summary>What it restores from memory; null where it starts from nothing, or reads the store itself.</summary>
    public RestorePart? Restore { get; init; }

    /// <summary>Which of its files is taken into checkpoints; null where none is.</summary>
    public WatchRule? Watch { get; init; }

    public RankKey Key => new(JobId, Attempt, Rank);
}

/// <summary>A checkpoint to resume from.</summary>
/// <param name="Step">The step after which it was saved.</param>
/// <param name="ShardPaths">Absolute path of every shard, by the rank that wrote it.</param>
internal sealed record ResumePoint(ulong Step, IReadOnlyDictionary<uint, string> ShardPaths)
{
    /// <summary>The rank's own shard, or the lowest rank's where it wrote none.</summary>
    public string PathFor(uint rank) =>
        ShardPaths.TryGetValue(rank, out var own) ? own : ShardPaths[ShardPaths.Keys.Min()];
}
