using Orchestrator.Domain.Checkpoints;
using Orchestrator.Domain.Jobs;

namespace Orchestrator.Domain.Tests.Checkpoints;

public sealed class ReplicaPlacementTests
{
    [Fact]
    public void HolderFor_TwoRacks_IsInTheOther()
    {
        var gang = Gang("r1", "r1", "r2", "r2");

        Holders(gang).ShouldBe(["n2", "n2", "n0", "n0"]);
    }

    [Fact]
    public void HolderFor_OneRack_IsTheNextHost() =>
        Holders(Gang("r1", "r1", "r1")).ShouldBe(["n1", "n2", "n0"]);

    [Fact]
    public void HolderFor_NoRacks_IsTheNextHost() => Holders(Gang(null, null, null)).ShouldBe(["n1", "n2", "n0"]);

    [Fact]
    public void HolderFor_OnlyHost_IsNobody() => Holders(Gang("r1")).ShouldBe([null]);

    [Fact]
    public void HolderFor_OthersTakeNoShards_IsNobody()
    {
        GangMember[] gang = [.. Gang(null, null).Select(member => member with { ShardAddress = "" })];

        Holders(gang).ShouldBe([null, null]);
    }

    private static IEnumerable<string?> Holders(GangMember[] gang) =>
        gang.Select(member => ReplicaPlacement.HolderFor(gang, member)?.Node);

    private static GangMember[] Gang(params string?[] racks) =>
    [
        .. racks.Select((rack, position) => new GangMember
        {
            NodeRank = position,
            Node = $"n{position}",
            LeaseNumber = 1,
            Address = $"10.0.0.{position}",
            ShardAddress = $"10.0.0.{position}:7073",
            Rack = rack,
        }),
    ];
}
