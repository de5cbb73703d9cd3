using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Orchestrator.Cli.Tests.CommandLine;
using Orchestrator.Protocol.V1;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Cli.Tests.Nodes;

public sealed class NodeCommandsTests : IAsyncLifetime
{
    private Server _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Server.StartAsync();
        _server.Control.Nodes.AddRange([Quarantined(), new Node { Name = "host2", Phase = NodePhase.Warm }]);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Nodes_VirtualAccelerator_IsCalledVirtual()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "nodes");

        run.ExitCode.ShouldBe(0);
        run.Lines.Length.ShouldBe(5);
        run.Lines[1].ShouldContain("Quarantined, cordoned");
        run.Lines[1].ShouldContain("1 virtual, 2 NVIDIA H200");
        run.Lines[1].ShouldContain("Its check failed.");
        run.Lines[4].ShouldMatch("host1 +operator +2030-.* Maintenance. +job-1 runs on until it can be moved.");
    }

    [Fact]
    public async Task Node_Human_ShowsCordonsDevicesAndHistory()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "node", "host1");

        run.ExitCode.ShouldBe(0);
        run.Out.ShouldContain("Cordoned by operator since 2030-");
        run.Out.ShouldContain(": Maintenance.; a job on it is moved");
        run.Out.ShouldContain("Drain: job-1 runs on until it can be moved. (drain_waits_for_nodes)");
        run.Out.ShouldContain("rack=a, zone=b");
        run.Out.ShouldContain("virtual, no real device (GPU-v)");
        run.Out.ShouldContain("NVIDIA H200 (GPU-1)");
        run.Out.ShouldContain("inc-1");
    }

    [Fact]
    public async Task Drain_Human_SaysWhatItWaitsFor()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "drain", "host1", "--reason", "fan", "--now");

        run.ExitCode.ShouldBe(0);
        run.Lines[0].ShouldBe("host1 takes no new work.");
        run.Out.ShouldContain("Drain: job-1 runs on until it can be moved.");
        _server.Control.Requests.ShouldHaveSingleItem()
            .ShouldBe(new DrainNodeRequest { Name = "host1", Reason = "fan", Now = true });
    }

    [Fact]
    public async Task DrainAndResume_Again_SayThatNothingChanged()
    {
        _server.Control.IsChanged = false;

        (await CliRun.AgainstAsync(_server.Address, "drain", "host1", "--reason", "fan"))
            .Lines[0].ShouldBe("host1 was drained so before.");
        (await CliRun.AgainstAsync(_server.Address, "resume", "host2", "--reason", "done"))
            .Lines.ShouldBe(["host2 had no cordon; it is Warm."]);
    }

    [Fact]
    public async Task Resume_CordonLeft_IsShown()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "resume", "host1", "--reason", "done", "--force");

        run.Lines[0].ShouldBe("host1 is resumed; it is Quarantined.");
        run.Lines[1].ShouldStartWith("Cordoned by operator");
        _server.Control.Requests.ShouldHaveSingleItem()
            .ShouldBe(new ResumeNodeRequest { Name = "host1", Reason = "done", Force = true });
    }

    [Theory]
    [InlineData("drain")]
    [InlineData("resume")]
    public async Task DrainAndResume_WithoutReason_AreWrongUsage(string command)
    {
        var run = await CliRun.AgainstAsync(_server.Address, command, "host1");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("--reason");
        _server.Control.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Node_Json_IsOneObject()
    {
        var run = await CliRun.AgainstAsync(_server.Address, "node", "host2", "-o", "json");

        JsonDocument.Parse(run.Out).RootElement.GetProperty("phase").GetString().ShouldBe("NODE_PHASE_WARM");
    }

    [Fact]
    public async Task Pools_WaitingJob_IsShownWithItsReason()
    {
        var waiting = new WaitingJob
        {
            JobId = "job-2",
            Nodes = 4,
            Reason = new Reason { Code = "nodes_missing", Sentence = "Waits for 4 nodes; 1 is warm." },
        };
        _server.Control.Pools.Add(new Pool { Name = "default", Usable = 5, Warm = 1, Waiting = { waiting } });

        var run = await CliRun.AgainstAsync(_server.Address, "pools");

        run.ExitCode.ShouldBe(0);
        run.Out.ShouldContain("default");
        run.Out.ShouldContain("Waits for 4 nodes; 1 is warm.");
    }

    private static Node Quarantined() => new()
    {
        Name = "host1",
        Phase = NodePhase.Quarantined,
        Reason = new Reason { Code = "check_failed", Sentence = "Its check failed." },
        Gpus =
        {
            new GpuDevice { Uuid = "GPU-v", IsVirtual = true, Model = "virtual accelerator" },
            new GpuDevice { Uuid = "GPU-1", Model = "NVIDIA H200", Index = 1 },
            new GpuDevice { Uuid = "GPU-2", Model = "NVIDIA H200", Index = 2 },
        },
        Cordons =
        {
            new Cordon
            {
                Owner = "operator",
                Reason = new Reason { Sentence = "Maintenance." },
                Since = new DateTimeOffset(2030, 5, 5, 12, 0, 0, TimeSpan.Zero).ToTimestamp(),
                MovesJob = true,
            },
        },
        Drain = new Reason { Code = "drain_waits_for_nodes", Sentence = "job-1 runs on until it can be moved." },
        Labels = { ["zone"] = "b", ["rack"] = "a" },
        History =
        {
            new NodeTransition { From = NodePhase.Warm, To = NodePhase.Quarantined, IncidentId = "inc-1" },
        },
    };
}
