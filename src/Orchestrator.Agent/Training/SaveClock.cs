using System.Collections.Concurrent;
using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Training;

/// <summary>
/// Measures for how long each save holds its rank up. In memory only: a save that was begun before a restart of the
/// agent is not measured.
/// </summary>
internal sealed class SaveClock(TimeProvider time)
{
    // Of each rank only its newest save, so that saves which are never committed do not pile up.
    private readonly ConcurrentDictionary<(string JobId, uint Rank), (string Directory, long At)> _begun = new();

    /// <summary>A rank was given a folder to write into.</summary>
    public void Begin(RankKey key, string directory) =>
        _begun[(key.JobId, key.Rank)] = (directory, time.GetTimestamp());

    /// <summary>Milliseconds since the save was begun, at least 1; 0 where that is not known.</summary>
    public uint Elapsed(RankKey key, string directory) =>
        _begun.TryGetValue((key.JobId, key.Rank), out var begun) && begun.Directory == directory
            ? (uint)Math.Clamp(time.GetElapsedTime(begun.At).TotalMilliseconds, 1, uint.MaxValue)
            : 0;
}
