namespace Orchestrator.Architecture.Tests;

/// <summary>Rooms, and who may open whose door.</summary>
public sealed class WallTests
{
    /// <summary>Each room by its assembly, with all other rooms that its code may use.</summary>
    public static TheoryData<string, string[]> Doors => new()
    {
        { "Orchestrator.Domain", [] },
        { "Orchestrator.Protocol", [] },
        { "Orchestrator.Checkpoints", [] },
        { "orchestrator-sim", ["Domain"] },
        { "Orchestrator.Grains.Abstractions", ["Domain"] },
        { "Orchestrator.Grains", ["Domain", "Grains.Abstractions"] },
        { "Orchestrator.Storage", ["Domain"] },
        { "Orchestrator.Gateway", ["Domain", "Grains.Abstractions", "Protocol"] },
        { "Orchestrator.Hosting", ["Domain", "Grains.Abstractions", "Grains", "Gateway", "Protocol", "Storage"] },
        { "orchestrator-silo", ["Hosting", "Storage"] },
        { "orchestrator-agent", ["Protocol", "Checkpoints", "Domain"] },
        { "Orchestrator.Client", ["Protocol"] },
        { "orch", ["Client", "Protocol"] },
    };

    [Theory]
    [MemberData(nameof(Doors))]
    public void Room_UsesOnlyTheRoomsThatItMay(string room, string[] allowed) =>
        Room.Open(room).Neighbours.Except(allowed).ShouldBeEmpty($"{room} opens a door that is not its own");

    [Fact]
    public void Domain_UsesTheRuntimeAndOrleansSerializationOnly() =>
        Room.Open("Orchestrator.Domain").Assemblies
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal))
            .Except(["Orleans.Serialization", "Orleans.Serialization.Abstractions"])
            .ShouldBeEmpty();

    [Fact]
    public void Domain_HasNoFilesNoNetworkNoProcessesAndNoThreads()
    {
        string[] forbidden =
        [
            "System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.IO.FileInfo",
            "System.IO.DirectoryInfo", "System.Diagnostics.Process", "System.Threading.Thread",
            "System.Threading.Timer", "System.Threading.PeriodicTimer", "System.Console",
            "System.Net.Http.HttpClient", "System.Net.Sockets.Socket",
        ];

        Room.Open("Orchestrator.Domain").Types.Intersect(forbidden).ShouldBeEmpty("decisions are pure");
    }

    [Fact]
    public void Domain_TakesTimeAndChanceAsArguments()
    {
        string[] forbiddenTypes =
        [
            "System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Random",
            "System.Security.Cryptography.RandomNumberGenerator",
        ];
        string[] forbiddenMembers =
        [
            "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTimeOffset.get_Now",
            "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid", "System.Environment.get_TickCount64",
            "System.Environment.get_TickCount",
        ];
        var domain = Room.Open("Orchestrator.Domain");

        domain.Types.Intersect(forbiddenTypes).ShouldBeEmpty();
        domain.Members.Intersect(forbiddenMembers).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Orchestrator.Domain")]
    [InlineData("Orchestrator.Grains.Abstractions")]
    [InlineData("Orchestrator.Grains")]
    [InlineData("Orchestrator.Storage")]
    public void Room_OfTheControlPlane_KnowsNoWireFormat(string room) => ShouldNotUse(
        room, "Grpc.", "Google.Protobuf", "Microsoft.AspNetCore.");

    [Theory]
    [InlineData("Orchestrator.Client")]
    [InlineData("orch")]
    [InlineData("orchestrator-agent")]
    [InlineData("Orchestrator.Protocol")]
    [InlineData("Orchestrator.Checkpoints")]
    public void Room_OutsideTheSilo_KnowsNoActorsAndNoDatabase(string room) => ShouldNotUse(
        room, "Orleans.", "Microsoft.Data.", "Npgsql");

    [Fact]
    public void Checkpoints_UsesTheRuntimeAndTheObjectStoresLibraryOnly() =>
        Room.Open("Orchestrator.Checkpoints").Assemblies
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal))
            .Except(["AWSSDK.Core", "AWSSDK.S3"])
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Doors))]
    public void ObjectStores_AreKnownToCheckpointsOnly(string room, string[] _)
    {
        if (room != "Orchestrator.Checkpoints")
            ShouldNotUse(room, "AWSSDK.");
    }

    [Theory]
    [InlineData("Orchestrator.Domain")]
    [InlineData("Orchestrator.Grains")]
    [InlineData("Orchestrator.Gateway")]
    public void Room_WithoutStorage_KnowsNoDatabase(string room) => ShouldNotUse(room, "Microsoft.Data.", "Npgsql");

    [Fact]
    public void Silo_KnowsOfStorageOnlyWhatItSays() =>
        Room.Open("orchestrator-silo").Types
            .Where(type => type.StartsWith("Orchestrator.Storage.", StringComparison.Ordinal))
            .Except(new[] { "StorageRefusedException", "StorageReport" }
                .Select(name => $"Orchestrator.Storage.Schema.{name}"))
            .ShouldBeEmpty("everything else goes through Hosting");

    private static void ShouldNotUse(string room, params string[] prefixes) => Room.Open(room).Assemblies
        .Where(name => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
        .ShouldBeEmpty($"{room} may not know them");
}
