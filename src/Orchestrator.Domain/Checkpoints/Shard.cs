using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Orchestrator.Domain.Checkpoints;

/// <summary>What one rank wrote of one checkpoint, and where copies of it are.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="Path">Path in the job's folder of every tier; holds attempt and a random writer id.</param>
/// <param name="Files">Its files.</param>
[GenerateSerializer, Immutable, Alias("orchestrator.Shard")]
public sealed record Shard(int Rank, string Path, ImmutableArray<ShardFile> Files)
{
    /// <summary>Agents that hold it in the memory of their hosts.</summary>
    [Id(0)] public ImmutableArray<Holder> Holders { get; init; } = [];

    /// <summary>
    /// It is in the store, and was read back from there. Default true: where there are no tiers, ranks write into the
    /// store themselves.
    /// </summary>
    [Id(1)] public bool IsDurable { get; init; } = true;

    /// <summary>Why no second host holds it; null while one does or may still do.</summary>
    [Id(2)] public Reason? Unreplicated { get; init; }

    /// <summary>
    /// What is wrong with every copy in memory that its host knows of, so that it cannot be brought to the store; null
    /// while one is good.
    /// </summary>
    [Id(3)] public Reason? Damage { get; init; }

    /// <summary>There is a copy to restore it from.</summary>
    [JsonIgnore]
    public bool IsRestorable => IsDurable || !Holders.IsEmpty;

    /// <summary>A later report of the same shard tells of a tier that this one does not know.</summary>
    /// <param name="later">The other report.</param>
    /// <returns>Whether it brings news.</returns>
    public bool IsBehind(Shard later)
    {
        ArgumentNullException.ThrowIfNull(later);
        return (later.IsDurable && !IsDurable)
            || later.Holders.Except(Holders).Any()
            || (later.Unreplicated is not null && Unreplicated is null)
            || (later.Damage is not null && Damage is null);
    }
}
