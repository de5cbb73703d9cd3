using Orchestrator.Domain.Jobs;

namespace Orchestrator.Domain.Checkpoints;

/// <summary>Which host of a gang holds the second copy of another one's shards.</summary>
public static class ReplicaPlacement
{
    /// <summary>
    /// The next host of the gang in another rack, since a rack fails as one; where all are in one, the next host.
    /// Going around from each host's own place gives every host about as much to hold.
    /// </summary>
    /// <param name="gang">The gang.</param>
    /// <param name="member">The host whose shards are to be held.</param>
    /// <returns>Null where no other host of the gang can be reached.</returns>
    public static Holder? HolderFor(IReadOnlyList<GangMember> gang, GangMember member)
    {
        ArgumentNullException.ThrowIfNull(gang);
        ArgumentNullException.ThrowIfNull(member);
        var others = gang.SkipWhile(other => other.NodeRank <= member.NodeRank)
            .Concat(gang.TakeWhile(other => other.NodeRank < member.NodeRank))
            .Where(other => other.ShardAddress.Length > 0)
            .ToArray();
        var chosen = others.FirstOrDefault(other => other.Rack is not null && other.Rack != member.Rack)
            ?? others.FirstOrDefault();
        return chosen is null ? null : new Holder(chosen.Node, chosen.ShardAddress);
    }
}
