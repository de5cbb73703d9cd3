using Google.Protobuf.WellKnownTypes;
using Orchestrator.Cli.Tests.CommandLine;
using Orchestrator.Protocol.V1;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Cli.Tests.ControlPlane;

public sealed class StatusCommandTests : IAsyncLifetime
{
    private Server _server = null!;

    public async ValueTask InitializeAsync() => _server = await Server.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Status_StorageAway_SaysSoAndWhatItMeans()
    {
        _server.Control.Plane = new()
        {
            StorageSince = new Timestamp(),
            StorageProblem = new Reason { Code = "storage_unavailable", Sentence = "Training goes on." },
            HostsExpected = 6,
            HostsHeard = 5,
            Silos = { new Silo { Address = "10.0.0.1:11111", Status = "Active", IsAnswering = true } },
        };

        var run = await CliRun.AgainstAsync(_server.Address, "status");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Lines[0].ShouldMatch("Storage +away since 19.*: Training goes on\\.");
        run.Lines[1].ShouldMatch("Hosts +5 of 6 are heard");
        run.Lines[^1].ShouldMatch("10.0.0.1:11111 +Active +answers this call");
    }

    [Fact]
    public async Task Status_StorageThere_SaysSinceWhen()
    {
        _server.Control.Plane = new() { IsStorageUp = true, StorageSince = new Timestamp() };

        (await CliRun.AgainstAsync(_server.Address, "status")).Lines[0].ShouldMatch("Storage +answers, since 19");
    }
}
